// The forms that send an operation to the mock from its page. Loaded only on pages that `scripts/docs --serve` serves.
"use strict";
window.tryIt = ({ all, make, copy }, mock) => {
  const LIVE = /_live_|^pk_/i;

  // A form begins with what the mock of the chosen version holds, or where it lacks the operation, another version's.
  function form(section, settings) {
    let known = mock[section.id];
    const { method, path } = section.dataset;
    const fields = new Map(); // each with what it begins with
    const field = (label, place, begins, element = "input") => {
      const input = make(element, { autocomplete: "off", spellcheck: "false", "data-place": place, "data-name": label });
      input.value = begins(known);
      fields.set(input, begins);
      return make("label", {}, label, input);
    };
    const made = settings.header ? [field(settings.header, "credential", (one) => settings.prefix + one.credential)] : [];
    if (made.length) made[0].prepend(`${settings.title}: `);
    for (const name of Object.keys(known.more_credentials)) made.push(field(name, "credential", (one) => one.more_credentials[name]));
    if (known.body) made.push(field("Body", "body", (one) => one.body, "textarea"));
    for (const group of all("[data-in]", section))
      for (const { textContent: name } of all(":scope > dl > dt > a:first-child, :scope > details > dl > dt > a:first-child", group))
        made.push(field(name, group.dataset.in, (one) => group.dataset.in === "path" ? one.path[name] : ""));
    const shown = make("div", { "aria-live": "polite" });
    const send = async (event) => {
      event.preventDefault();
      shown.replaceChildren(...(await exchange(section, method, path, fields, known)));
    };
    const title = make("summary", {});
    const follow = (next) => {
      // What a reader has typed stays.
      for (const [input, begins] of fields) if (input.value === begins(known)) input.value = begins(next);
      if (next.version !== known.version) shown.replaceChildren();
      known = next;
      title.textContent = "Try it on the mock" + (known.version && ` of Spree ${known.version}`);
    };
    follow(known);
    forms.push([section.id, follow]);
    return make("details", { class: "try" }, title, make("form", { onsubmit: send }, ...made, make("button", {}, `Send ${method}`)), shown);
  }

  const forms = [];
  async function followVersion() {
    const version = () => document.documentElement.dataset.version;
    const chosen = version();
    let known = {};
    try {
      if (chosen) known = await (await fetch(`/_docs/spree-${chosen}/_docs/mock.json`)).json();
    } catch {} // as if none were chosen; the form says which one it sends to
    if (chosen === version()) for (const [id, follow] of forms) follow(known[id] ?? mock[id]);
  }

  // Where the page describes a member of the body or a parameter; null if it does not.
  function described(section, { place, name }) {
    const names = all("dt > a:first-child", section).filter((link) => {
      const inside = link.closest("[data-in]")?.dataset.in;
      return !link.closest(".s") && (place === "body" ? !inside : inside === place);
    });
    const last = name.split(".").at(-1);
    return names.find((link) => [name, `${name}[]`, last].includes(link.textContent))?.hash ?? null;
  }

  const quoted = (text) => `'${text.replaceAll("'", "'\\''")}'`;

  async function exchange(section, method, path, fields, known) {
    const { prefix } = known;
    const query = [];
    const headers = {};
    let body;
    for (const [{ value, dataset: { place, name } }, begins] of fields) {
      if (!value.trim()) continue;
      if (place === "credential") {
        // What the form began with is the mock's own, which has a publishable key, too.
        if (value !== begins(known) && LIVE.test(value.trim().replace(/^Bearer /, ""))) return [make("p", { class: "no" }, "This looks like a live or publishable key. Nothing was sent; the mock accepts only test keys.")];
        headers[name] = value;
      } else if (place === "header") headers[name] = value;
      else if (place === "path") path = path.replace(`{${name}}`, encodeURIComponent(value));
      else if (place === "query") query.push(name.endsWith("[…]") ? encodeURI(value) : `${encodeURIComponent(name)}=${encodeURIComponent(value)}`);
      else body = value;
    }
    if (/\{/.test(path)) return [make("p", { class: "no" }, "Fill in every path parameter first.")];
    if (body !== undefined) headers["Content-Type"] = "application/json";
    const address = path + (query.length ? `?${query.join("&")}` : "");
    let response, text, found;
    try {
      response = await fetch(prefix + address, { method, headers, body, cache: "no-store", redirect: "error" });
      text = await response.text();
      found = await (await fetch(`${prefix}/_docs/verdicts.json?${section.id}`)).json();
    } catch (error) {
      return [make("p", { class: "no" }, `No response: ${error.message}. Is scripts/docs --serve still running?`)];
    }
    try {
      text = JSON.stringify(JSON.parse(text), null, 2);
    } catch {}
    const lines = (pairs) => pairs.map(([name, value]) => `${name}: ${value}`).join("\n");
    const folded = (title, text) => make("details", {}, make("summary", {}, title), make("pre", {}, text));
    const verdict = (one) => {
      const href = one.name && described(section, one);
      const name = one.name ? [href ? make("a", { href }, make("code", {}, one.name)) : make("code", {}, one.name), " "] : [];
      return make("p", { class: "no" }, one.side === "request" ? "" : "The mock's response: ", ...name, `${one.text}.`);
    };
    const curl = ["curl", ...(method === "GET" ? [] : ["-X", method]), quoted(new URL(prefix + address, location.href).href),
      // No template inside a template: the minifier takes blanks out of it.
      ...Object.entries(headers).map(([name, value]) => "-H " + quoted(name + ": " + value)), ...(body === undefined ? [] : [`-d ${quoted(body)}`])].join(" ");
    const copying = make("button", { type: "button", class: "small", onclick: ({ currentTarget }) => copy(currentTarget, curl) }, "Copy as curl");
    return [
      make("p", { class: response.ok ? "ok" : "no" }, `Response ${response.status}`),
      ...(found.length ? found.map(verdict) : [make("p", {}, "The request and the response conform to openapi.yaml.")]),
      ...(found.some((one) => one.side === "request") ? [make("p", { class: "f" }, "The mock is strict: it rejects whatever openapi.yaml does not allow. A real server may accept it.")] : []),
      ...(text ? [make("pre", { tabindex: 0, role: "region", "aria-label": `Response ${response.status}` }, text)] : []),
      folded("Response headers", lines([...response.headers])),
      folded("Request", [`${method} ${address}`, lines(Object.entries(headers)), body && `\n${body}`].filter(Boolean).join("\n")),
      copying,
    ];
  }

  for (const place of all("[data-try]")) {
    const section = place.parentElement;
    if (mock[section.id]) place.prepend(form(section, JSON.parse(place.dataset.try)));
  }
  addEventListener("version", followVersion);
  followVersion();
};
