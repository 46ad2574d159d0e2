// The forms that send an operation to the mock from its page. Loaded only on pages that `scripts/docs --serve` serves.
"use strict";
window.tryIt = ({ all, make, copy }, mock) => {
  const LIVE = /_live_|^pk_(?!sample)/i;

  function form(section, settings, known) {
    const { method, path } = section.dataset;
    const fields = [];
    const field = (label, place, value = "", element = "input") => {
      const input = make(element, { autocomplete: "off", spellcheck: "false", "data-place": place, "data-name": label });
      input.value = value;
      fields.push(input);
      return make("label", {}, label, input);
    };
    const made = settings.header ? [field(settings.header, "credential", settings.prefix + known.credential)] : [];
    if (made.length) made[0].prepend(`${settings.title}: `);
    for (const [name, value] of Object.entries(known.more_credentials)) made.push(field(name, "credential", value));
    if (known.body) made.push(field("Body", "body", known.body, "textarea"));
    for (const group of all("[data-in]", section))
      for (const { textContent: name } of all(":scope > dl > dt > a:first-child, :scope > details > dl > dt > a:first-child", group))
        made.push(field(name, group.dataset.in, group.dataset.in === "path" ? known.path[name] : ""));
    const shown = make("div", { "aria-live": "polite" });
    const send = async (event) => {
      event.preventDefault();
      shown.replaceChildren(...(await exchange(section, method, path, fields)));
    };
    return make("details", { class: "try" }, make("summary", {}, "Try it on the mock"),
      make("form", { onsubmit: send }, ...made, make("button", {}, `Send ${method}`)), shown);
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

  async function exchange(section, method, path, fields) {
    const query = [];
    const headers = {};
    let body;
    for (const { value, dataset: { place, name } } of fields) {
      if (!value.trim()) continue;
      if (place === "credential") {
        if (LIVE.test(value.trim().replace(/^Bearer /, ""))) return [make("p", { class: "no" }, "This looks like a live or publishable key. Nothing was sent; the mock accepts only test keys.")];
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
      response = await fetch(address, { method, headers, body, cache: "no-store", redirect: "error" });
      text = await response.text();
      found = await (await fetch(`/_docs/verdicts.json?${section.id}`)).json();
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
    const curl = ["curl", ...(method === "GET" ? [] : ["-X", method]), quoted(new URL(address, location.href).href),
      // No template inside a template: the minifier takes blanks out of it.
      ...Object.entries(headers).map(([name, value]) => "-H " + quoted(name + ": " + value)), ...(body === undefined ? [] : [`-d ${quoted(body)}`])].join(" ");
    const copying = make("button", { type: "button", class: "small", onclick: ({ currentTarget }) => copy(currentTarget, curl) }, "Copy as curl");
    return [
      make("p", { class: response.ok ? "ok" : "no" }, `Response ${response.status}`),
      ...(found.length ? found.map(verdict) : [make("p", {}, "The request and the response conform to openapi.yaml.")]),
      ...(text ? [make("pre", { tabindex: 0, role: "region", "aria-label": `Response ${response.status}` }, text)] : []),
      folded("Response headers", lines([...response.headers])),
      folded("Request", [`${method} ${address}`, lines(Object.entries(headers)), body && `\n${body}`].filter(Boolean).join("\n")),
      copying,
    ];
  }

  for (const place of all("[data-try]")) {
    const section = place.parentElement;
    if (mock[section.id]) place.prepend(form(section, JSON.parse(place.dataset.try), mock[section.id]));
  }
};
