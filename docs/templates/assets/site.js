// What the pages can do beyond being read. Loaded in the head, so that theme and language are set before anything is drawn.
"use strict";
(() => {
  const root = document.documentElement;
  const store = (name, value) => {
    try {
      return value === undefined ? localStorage.getItem(name) : localStorage.setItem(name, value);
    } catch {
      return null; // storage may be forbidden; then nothing is remembered
    }
  };
  const all = (selector, from = document) => [...from.querySelectorAll(selector)];
  const make = (name, attributes = {}, ...children) => {
    const made = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) {
      if (key.startsWith("on")) made.addEventListener(key.slice(2), value);
      else made.setAttribute(key, value);
    }
    made.append(...children);
    return made;
  };

  root.classList.add("on");
  root.dataset.lang = store("lang") || "curl";
  if (store("theme")) root.dataset.theme = store("theme");

  // Theme

  const isDark = () => (root.dataset.theme || (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light")) === "dark";

  function theme() {
    const button = document.getElementById("theme");
    const show = () => {
      button.textContent = isDark() ? "Light" : "Dark";
      button.setAttribute("aria-label", `Switch to ${isDark() ? "light" : "dark"} colours`);
    };
    button.onclick = () => {
      root.dataset.theme = isDark() ? "light" : "dark";
      store("theme", root.dataset.theme);
      show();
    };
    show();
  }

  // Copying

  const status = make("div", { role: "status", class: "off" }); // for those who do not see the button change

  async function copy(button, text) {
    const before = button.textContent;
    try {
      await navigator.clipboard.writeText(text);
      button.textContent = "Copied";
    } catch {
      button.textContent = "Not allowed";
    }
    status.textContent = button.textContent;
    setTimeout(() => (button.textContent = before), 1500);
  }

  const copyButton = (label, text) =>
    make("button", { type: "button", "aria-label": label, onclick: (event) => copy(event.currentTarget, text()) }, "Copy");

  function copyPage() {
    const address = document.querySelector('link[rel="alternate"]').href;
    document.getElementById("copy").onclick = async (event) => {
      const button = event.currentTarget;
      let text = document.querySelector("main").innerText; // a page opened as a file may not read its twin
      try {
        text = await (await fetch(address)).text();
      } catch {}
      copy(button, text);
    };
  }

  // Languages of the samples

  function choose(language, anchor) {
    const before = anchor?.getBoundingClientRect().top;
    root.dataset.lang = language;
    store("lang", language);
    for (const group of all(".sm")) {
      // Where a sample is not in that language, the first one is shown.
      const tabs = all("[role=tab]", group);
      const chosen = tabs.find((tab) => tab.dataset.tab === language) || tabs[0];
      for (const tab of tabs) {
        tab.setAttribute("aria-selected", tab === chosen);
        tab.tabIndex = tab === chosen ? 0 : -1;
        document.getElementById(tab.getAttribute("aria-controls")).hidden = tab !== chosen;
      }
    }
    if (anchor) scrollBy({ top: anchor.getBoundingClientRect().top - before, behavior: "instant" });
  }

  function move(event) {
    const tabs = all("[role=tab]", event.currentTarget);
    const at = tabs.indexOf(event.target);
    const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: -1 }[event.key];
    if (to === undefined || at < 0) return;
    event.preventDefault();
    const next = tabs.at(to % tabs.length);
    choose(next.dataset.tab, next);
    next.focus();
  }

  function tabs() {
    all(".sm").forEach((group, number) => {
      const list = make("div", { role: "tablist", "aria-label": "Language of the samples", onkeydown: move });
      for (const panel of all(":scope > [data-lang]", group)) {
        const id = `s${number}-${panel.dataset.lang}`;
        const label = panel.querySelector(".l").textContent;
        Object.assign(panel, { id, role: "tabpanel" });
        panel.setAttribute("aria-labelledby", `${id}-tab`);
        const open = (event) => choose(panel.dataset.lang, event.currentTarget);
        list.append(make("button", { type: "button", role: "tab", id: `${id}-tab`, "aria-controls": id, "data-tab": panel.dataset.lang, onclick: open }, label));
      }
      const shown = () => all(":scope > [data-lang]", group).find((panel) => panel.offsetParent).querySelector("pre").textContent;
      group.prepend(make("div", { class: "tabs" }, list, copyButton("Copy the sample", shown)));
    });
    for (const label of all(".ex > .l")) {
      const code = label.nextElementSibling;
      if (code?.tagName === "PRE") label.append(copyButton(`Copy: ${label.textContent}`, () => code.textContent));
    }
    choose(root.dataset.lang);
  }

  // Search: the engine and its index are loaded when they are first wanted, so that a page stays light.

  let finder = null;

  const load = () =>
    (finder ??= Promise.all(["minisearch", "search", "search-index"].map((name) => new Promise((done, fail) => {
      document.head.append(make("script", { src: `assets/${name}.js`, onload: done, onerror: fail }));
    }))).then(() => window.makeSearch(window.MiniSearch, window.searchIndex)));

  function search() {
    const input = document.getElementById("q");
    const list = document.getElementById("found");
    let at = -1;
    const close = () => {
      list.hidden = true;
      input.setAttribute("aria-expanded", false);
      input.removeAttribute("aria-activedescendant");
    };
    const options = () => all("[data-href]", list);
    const mark = (to) => {
      const shown = options();
      if (!shown.length) return;
      at = (to + shown.length) % shown.length;
      shown.forEach((option, number) => option.setAttribute("aria-selected", number === at));
      input.setAttribute("aria-activedescendant", shown[at].id);
      shown[at].scrollIntoView({ block: "nearest" });
    };
    const go = (href) => {
      close();
      input.blur();
      location.href = href;
    };
    const option = (element, href, ...children) =>
      make(element, { role: "option", "data-href": href, "aria-selected": false, onclick: () => go(href) }, ...children);
    // One place is the row itself; several are options of a group that has the name.
    const row = ({ name, places, more }, number) => {
      if (places.length === 1) return option("li", places[0].href, name, make("small", {}, `${places[0].where}${places[0].text && ": " + places[0].text}`));
      const rest = more ? [make("small", {}, `and ${more} more`)] : [];
      return make("li", { role: "none" }, make("div", { role: "group", "aria-labelledby": `g${number}` }, make("span", { id: `g${number}`, role: "presentation" }, name),
        ...places.map(({ href, where }) => option("b", href, where)), ...rest));
    };
    const show = async () => {
      const query = input.value;
      const found = (await load())(query);
      if (query !== input.value) return; // typed on meanwhile
      at = -1;
      list.replaceChildren(...found.map(row));
      options().forEach((one, number) => (one.id = `f${number}`));
      if (!found.length && query.trim()) list.append(make("li", { role: "option", "aria-disabled": true }, "Nothing found"));
      list.hidden = !list.children.length;
      input.setAttribute("aria-expanded", !list.hidden);
    };
    input.addEventListener("focus", load);
    input.addEventListener("input", show);
    input.addEventListener("keydown", (event) => {
      if (event.key.startsWith("Arrow") && list.hidden) {
        if (event.key === "ArrowDown") show();
        return;
      }
      if (event.key === "ArrowDown") mark(at + 1);
      else if (event.key === "ArrowUp") mark(at - 1);
      else if (event.key === "Escape") close();
      else if (event.key === "Enter") {
        const href = options()[Math.max(at, 0)]?.dataset.href;
        if (!list.hidden && href) go(href);
      } else return;
      event.preventDefault();
    });
    document.addEventListener("click", (event) => event.target.closest(".search") || close());
    input.addEventListener("blur", ({ relatedTarget }) => relatedTarget === list || close());
    document.addEventListener("keydown", (event) => {
      if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || /^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName)) return;
      event.preventDefault();
      input.focus();
      input.select();
    });
  }

  // A link to something folded opens what it is in.

  function reveal() {
    let target = null;
    try {
      target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    } catch {}
    if (!target) return;
    for (let above = target.closest("details"); above; above = above.parentElement.closest("details")) above.open = true;
    target.querySelector("details")?.setAttribute("open", "");
    target.scrollIntoView();
  }

  // Try it: only beside a mock on this machine, which `scripts/docs --serve` starts on the same address.

  const LOOPBACK = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/;
  const LIVE = /_live_|^pk_(?!sample)/i;

  async function tryIt() {
    if (!location.protocol.startsWith("http") || !LOOPBACK.test(location.hostname) || !document.querySelector("[data-try]")) return;
    let mock;
    try {
      const answer = await fetch("/_docs/mock.json");
      if (!answer.ok) return;
      mock = await answer.json();
    } catch {
      return;
    }
    for (const place of all("[data-try]")) {
      const section = place.parentElement;
      if (mock[section.id]) place.prepend(form(section, JSON.parse(place.dataset.try), mock[section.id]));
    }
  }

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
    for (const [name, value] of Object.entries(known.more_credentials)) made.push(field(name, "credential", value));
    for (const group of all("[data-in]", section))
      for (const { textContent: name } of all(":scope > dl > dt > a:first-child", group))
        made.push(field(name, group.dataset.in, group.dataset.in === "path" ? known.path[name] : ""));
    if (known.body) made.push(field("Body", "body", known.body, "textarea"));
    const shown = make("div", { "aria-live": "polite" });
    const send = async (event) => {
      event.preventDefault();
      shown.replaceChildren(...(await exchange(method, path, fields)));
    };
    return make("details", { class: "try" }, make("summary", {}, "Try it on the mock"),
      make("form", { onsubmit: send }, ...made, make("button", {}, `Send ${method}`)), shown);
  }

  async function exchange(method, path, fields) {
    const query = [];
    const headers = {};
    let body;
    for (const { value, dataset: { place, name } } of fields) {
      if (!value.trim()) continue;
      if (place === "credential") {
        if (LIVE.test(value.trim().replace(/^Bearer /, ""))) return [make("p", { class: "no" }, "This looks like a live or publishable key. Nothing was sent; the mock takes test keys.")];
        headers[name] = value;
      } else if (place === "header") headers[name] = value;
      else if (place === "path") path = path.replace(`{${name}}`, encodeURIComponent(value));
      else if (place === "query") query.push(name.endsWith("[…]") ? encodeURI(value) : `${encodeURIComponent(name)}=${encodeURIComponent(value)}`);
      else body = value;
    }
    if (/\{/.test(path)) return [make("p", { class: "no" }, "Fill in every path parameter first.")];
    if (body !== undefined) headers["Content-Type"] = "application/json";
    const address = path + (query.length ? `?${query.join("&")}` : "");
    const part = (title, text) => [make("strong", {}, title), make("pre", { tabindex: 0, role: "region", "aria-label": title }, text)];
    const lines = (pairs) => pairs.map(([name, value]) => `${name}: ${value}`).join("\n");
    const request = part("Request", [`${method} ${address}`, lines(Object.entries(headers)), body && `\n${body}`].filter(Boolean).join("\n"));
    let answer, text;
    try {
      answer = await fetch(address, { method, headers, body, cache: "no-store", redirect: "error" });
      text = await answer.text();
    } catch (error) {
      return [...request, make("p", { class: "no" }, `No response: ${error.message}. Is scripts/docs --serve still running?`)];
    }
    try {
      text = JSON.stringify(JSON.parse(text), null, 2);
    } catch {}
    const violation = answer.headers.get("x-mock-violation");
    return [
      ...request,
      ...part(`Answer ${answer.status}`, [lines([...answer.headers]), text && `\n${text}`].filter(Boolean).join("\n")),
      ...(violation || "Request and answer keep to the document.").split("; ").map((text) => make("p", violation ? { class: "no" } : {}, text)),
    ];
  }

  addEventListener("DOMContentLoaded", () => {
    theme();
    document.body.append(status);
    copyPage();
    tabs();
    search();
    reveal();
    tryIt();
    if (matchMedia("(width >= 64rem)").matches) document.querySelector(".menu").open = true;
    document.querySelector("nav [aria-current]")?.scrollIntoView({ block: "nearest" });
  });
  addEventListener("hashchange", reveal);
})();
