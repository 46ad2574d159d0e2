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
  const load = (name) => new Promise((done, fail) => {
    document.head.append(make("script", { src: `assets/${name}.js`, onload: done, onerror: fail }));
  });

  root.classList.add("on");
  root.dataset.lang = store("lang") || "curl";
  if (store("theme")) root.dataset.theme = store("theme");

  // Theme

  const isDark = () => (root.dataset.theme || (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light")) === "dark";

  function theme() {
    const button = document.getElementById("theme");
    const show = () => {
      button.title = `Switch to ${isDark() ? "light" : "dark"} mode`;
      button.setAttribute("aria-label", button.title);
    };
    button.onclick = () => {
      root.dataset.theme = isDark() ? "light" : "dark";
      store("theme", root.dataset.theme);
      show();
    };
    show();
  }

  // Of a site that has several versions, the link to them becomes a list; a page opened as a file may not read it.

  function versions() {
    const link = document.querySelector("a.version");
    if (link && location.protocol !== "file:") load("version-picker").then(() => window.versionPicker(make, link));
  }

  // Of a system that has several versions, one can be chosen. Its place is there from the start, so that nothing moves.

  function versionFilter() {
    if (!document.querySelector("[data-versions]")) return;
    const select = make("select", { "aria-label": "Spree version" }, make("option", { value: "" }, "All Spree versions"));
    document.querySelector(".search").after(select);
    Promise.all(["versions", "version-filter"].map(load)).then(() => window.versionFilter({ all, make, store, load }, select), () => select.remove());
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

  // Of a console, its commands: without the prompt, and without what they print.
  function commands(text) {
    if (!/^\$ /m.test(text)) return text;
    let goes = false; // whether the line before ends in a backslash
    return text.split("\n").filter((line) => {
      const taken = goes || line.startsWith("$ ");
      goes = taken && line.endsWith("\\");
      return taken;
    }).map((line) => line.replace(/^\$ /, "")).join("\n");
  }

  function copyPage() {
    const button = document.getElementById("copy");
    if (!button) return; // 404.html has no twin
    const address = document.querySelector('link[rel="alternate"]').href;
    button.onclick = async () => {
      let text = document.querySelector("main").innerText; // a page opened as a file may not read its twin
      try {
        text = await (await fetch(address)).text();
      } catch {}
      copy(button, text);
    };
  }

  // Tabs

  // Each entry is a panel with the words on its tab, a class, and what is hidden if not the panel itself; `taken` is called
  // with the panel that a reader chooses.
  function tablist(name, entries, taken) {
    const tabs = entries.map(([panel, label, kind = ""]) => {
      panel.setAttribute("role", "tabpanel");
      panel.setAttribute("aria-labelledby", `${panel.id}-tab`);
      return make("button", { type: "button", role: "tab", id: `${panel.id}-tab`, class: kind, "aria-controls": panel.id, onclick: (event) => taken(panel, event.currentTarget) }, label);
    });
    const move = (event) => {
      const at = tabs.indexOf(event.target);
      const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: -1 }[event.key];
      if (to === undefined || at < 0) return;
      event.preventDefault();
      const next = tabs.at(to % tabs.length);
      next.click();
      next.focus();
    };
    const show = (shown) => entries.forEach(([panel, , , box = panel], number) => {
      tabs[number].setAttribute("aria-selected", panel === shown);
      tabs[number].tabIndex = panel === shown ? 0 : -1;
      box.hidden = panel !== shown;
    });
    return { list: make("div", { role: "tablist", "aria-label": name, onkeydown: move }, ...tabs), show };
  }

  // Languages of the samples

  const languages = []; // of each group of samples, how it shows one

  function choose(language, anchor) {
    const before = anchor?.getBoundingClientRect().top;
    root.dataset.lang = language;
    store("lang", language);
    for (const show of languages) show(language);
    if (anchor) scrollBy({ top: anchor.getBoundingClientRect().top - before, behavior: "instant" });
  }

  // Those that a page loads, as they would make it heavy. They are offered from the start, so that nothing moves.
  const LOADED = { async: "Python, async", ruby: "Ruby", php: "PHP", go: "Go", java: "Java" };

  function samples() {
    const groups = all(".loads");
    for (const group of groups)
      for (const [key, label] of Object.entries(LOADED)) group.append(make("div", { "data-lang": key, class: "later" }, make("p", { class: "l" }, label), make("pre", {}, make("code"))));
    all(".sm").forEach((group, number) => {
      const panels = all(":scope > [data-lang]", group);
      for (const panel of panels) panel.id = `s${number}-${panel.dataset.lang}`;
      const label = (one) => one.querySelector(".l").textContent;
      // Of more than four, all but three stand in a list, so that the bar has one row on any screen.
      const rest = panels.slice(panels.length > 4 ? 3 : 4);
      const { list, show } = tablist("Language of the samples", panels.filter((one) => !rest.includes(one)).map((one) => [one, label(one)]), (one, tab) => choose(one.dataset.lang, tab));
      const more = make("select", { "aria-label": "More languages", onchange: () => choose(more.value, more) }, make("option", { value: "", disabled: "", hidden: "" }, "More"));
      for (const one of rest) {
        more.append(make("option", { value: one.dataset.lang }, label(one)));
        for (const [name, value] of [["role", "tabpanel"], ["aria-label", label(one)]]) one.setAttribute(name, value);
      }
      languages.push((language) => {
        // Where a sample is not in that language, or not loaded, the first one is shown.
        const chosen = panels.find((one) => one.dataset.lang === language && one.querySelector("code").firstChild) || panels[0];
        show(chosen);
        for (const one of rest) one.hidden = one !== chosen;
        more.value = rest.includes(chosen) ? language : "";
        if (more.value) list.firstChild.tabIndex = 0; // no tab is selected, but one has to take the focus
      });
      const text = () => commands(panels.find((one) => !one.hidden).querySelector("pre").textContent);
      group.prepend(make("div", { class: "tabs" }, list, ...(rest.length ? [more] : []), copyButton("Copy the sample", text)));
    });
    for (const show of languages) show(root.dataset.lang);
    if (groups.length) moreSamples(groups);
  }

  async function moreSamples(groups) {
    const page = document.querySelector('link[rel="alternate"]').getAttribute("href").replace(/\.md$/, "");
    const found = await load(`samples/${page}`).then(() => window.moreSamples, () => ({})); // a copy of a part of the site
    for (const group of groups) {
      const texts = found[group.closest("section").id]?.shift() || [];
      const more = group.querySelector("select");
      for (const panel of all(":scope > .later", group)) {
        const text = texts.find(({ key }) => key === panel.dataset.lang);
        if (text) panel.querySelector("code").innerHTML = text.html;
        else for (const one of [more.querySelector(`[value=${panel.dataset.lang}]`), panel]) one.remove();
      }
      more.hidden = more.length < 2;
    }
    dispatchEvent(new Event("samples"));
    // What a link leads to stays where it is.
    if (root.dataset.lang in LOADED) choose(root.dataset.lang, document.querySelector(":target"));
  }

  // Responses by status, and the examples of one status

  function examples(panel) {
    const labels = all(":scope > .l", panel);
    if (labels.length < 2) return;
    const codes = labels.map((label) => label.querySelector("code")?.textContent);
    const byCode = codes.every(Boolean) && new Set(codes).size === codes.length;
    const parts = labels.map((label, number) => {
      const part = make("div", { id: `${panel.id}-${number}` });
      label.before(part);
      part.append(label);
      while (part.nextElementSibling && !part.nextElementSibling.matches(".l")) part.append(part.nextElementSibling);
      return [part, byCode ? codes[number] : label.querySelector("span").textContent];
    });
    const { list, show } = tablist("Examples of this response", parts, (part) => show(part));
    panel.prepend(make("div", { class: "tabs" }, list));
    show(parts[0][0]);
  }

  function responses() {
    // A body that stands elsewhere on the page is shown here as well: by itself, or as the response of an operation.
    for (const link of all(".as a")) {
      const there = document.getElementById(link.hash.slice(1));
      const body = (there?.matches("section") ? there.querySelector(".rs pre") : there)?.cloneNode(true);
      if (!body) continue;
      body.removeAttribute("id");
      if (there.matches("section")) body.dataset.of = there.id;
      link.parentElement.replaceWith(body);
    }
    all(".rs").forEach((group, number) => {
      const parts = all(":scope > .ex", group);
      if (parts.length < 2) return copyLabels(all(".l", group));
      const panels = parts.map((part, place) => {
        const panel = part.tagName === "DETAILS" ? part.querySelector(":scope > div") : part;
        part.open = true;
        panel.id = `r${number}-${place}`;
        const statuses = part.dataset.status.split(", ");
        examples(panel);
        return [panel, statuses.length > 1 ? `${statuses[0][0]}xx` : statuses[0], part.tagName === "DETAILS" ? "no" : "ok", part];
      });
      const { list, show } = tablist("Responses by status", panels, (panel) => show(panel));
      group.classList.add("many");
      const shown = () => all("pre", group).find((one) => one.checkVisibility())?.textContent ?? "";
      group.prepend(make("div", { class: "tabs" }, make("b", {}, "Response"), list, copyButton("Copy the response", shown)));
      show(panels[0][0]);
    });
    copyLabels(all(".ex:not(.rs .ex) > .l"));
  }

  function copyLabels(labels) {
    for (const label of labels) {
      const code = label.nextElementSibling;
      if (code?.tagName === "PRE") label.append(copyButton(`Copy: ${label.textContent}`, () => code.textContent));
    }
  }

  // The menu of a narrow screen, which lies over the text

  function menu() {
    const details = document.querySelector(".menu");
    const close = () => (details.open = false);
    const isNarrow = () => !matchMedia("(width >= 64rem)").matches;
    details.addEventListener("click", ({ target }) => isNarrow() && target.closest("li:not(.f) > a") && close());
    // The pages of a group that every page leaves out; without JavaScript, its first page lists them.
    for (const more of all("li.f > a", details)) more.onclick = (event) => {
      event.preventDefault();
      const list = more.closest("ul");
      load("menu").then(() => {
        const pages = window.menuPages[list.parentElement.querySelector("summary").firstChild.textContent.trim()];
        const shown = list.children.length - 1;
        list.replaceChildren(...pages.map(([slug, title]) => make("li", {}, make("a", { href: `${slug}.html` }, title))));
        list.children[shown].firstChild.focus();
      }, () => (location.href = more.href));
    };
    document.addEventListener("click", ({ target }) => isNarrow() && !details.contains(target) && close());
    details.addEventListener("keydown", ({ key }) => {
      if (key !== "Escape" || !isNarrow()) return;
      close();
      details.querySelector("summary").focus();
    });
    if (!isNarrow()) details.open = true;
  }

  // Every other block of code

  function blocks() {
    for (const bar of all(".bar")) bar.append(copyButton("Copy the path", () => bar.querySelector("code").textContent));
    for (const pre of all("main pre:not(.x pre, .sm pre)")) {
      const code = pre.firstElementChild;
      pre.prepend(copyButton("Copy the code", () => commands(code.textContent)));
    }
    // What is wider or higher than its box can be scrolled with the keyboard, too.
    const headings = all("main :is(h1, h2, h3, h4)");
    const watch = new ResizeObserver((changed) => {
      for (const { target } of changed) {
        if (target.scrollHeight > target.clientHeight + 1 || target.scrollWidth > target.clientWidth + 1) {
          const what = target.closest(".sm") ? "Sample" : target.closest(".rs") ? "Response" : "Example";
          const above = target.closest("section")?.querySelector("h2") || headings.filter((one) => one.compareDocumentPosition(target) & 4).at(-1);
          const heading = above.firstChild.textContent.trim();
          for (const [name, value] of [["tabindex", 0], ["role", "group"], ["aria-label", `${what}: ${heading}`]]) target.setAttribute(name, value);
        } else for (const name of ["tabindex", "role", "aria-label"]) target.removeAttribute(name);
      }
    });
    for (const pre of all("main pre")) watch.observe(pre.querySelector(":scope > button + code") || pre);
  }

  // Search: the box, the engine and its index are loaded when they are first wanted, so that a page stays light.

  function search() {
    const input = document.getElementById("q");
    // Without the script nothing is searched, so that a page need not carry what makes a combobox of the field.
    const found = make("ul", { id: "found", role: "listbox", "aria-label": "Search results", tabindex: -1, hidden: "" });
    input.parentElement.append(found);
    for (const [name, value] of Object.entries({ role: "combobox", "aria-expanded": false, "aria-controls": "found", "aria-autocomplete": "list", autocomplete: "off", spellcheck: false, inputmode: "search", enterkeyhint: "search" })) input.setAttribute(name, value);
    let box = null;
    input.addEventListener("focus", () => {
      if (box) return;
      box = load("search-box");
      const engine = Promise.all(["minisearch", "search", "search-index"].map(load)).then(() => window.makeSearch(window.MiniSearch, window.searchIndex));
      box.then(() => window.searchBox({ all, make }, input, found, engine));
    });
    input.setAttribute("aria-keyshortcuts", "/ Control+K Meta+K");
    // In a field `/` is typed; the others open the search from everywhere.
    const asks = ({ key, ctrlKey, metaKey, altKey, shiftKey, target }) =>
      key === "/" ? !(ctrlKey || metaKey || altKey || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName)) : /^k$/i.test(key) && ctrlKey !== metaKey && !altKey && !shiftKey;
    document.addEventListener("keydown", (event) => {
      if (!asks(event)) return;
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
    for (let panel = target.closest("[role=tabpanel]"); panel; panel = panel.parentElement.closest("[role=tabpanel]")) document.getElementById(`${panel.id}-tab`).click();
    target.querySelector("details")?.setAttribute("open", "");
    target.scrollIntoView();
  }

  // Try it: only beside a mock on this machine, which `scripts/docs --serve` starts on the same address.

  const LOOPBACK = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/;

  async function tryIt() {
    const file = location.protocol === "file:";
    if (!(file || LOOPBACK.test(location.hostname)) || !document.querySelector("[data-try]")) return;
    const hint = document.querySelector(".hint");
    let mock;
    try {
      const answer = !file && (await fetch("/_docs/mock.json"));
      if (answer.ok) mock = await answer.json();
    } catch {}
    if (!mock) {
      // Who reads a published page has no checkout, in which this could be run.
      hint?.append(" To send requests from this page, run ", make("code", {}, "scripts/docs --serve"), ".");
      return;
    }
    hint?.remove();
    await load("try-it");
    window.tryIt({ all, make, copy }, mock);
  }

  addEventListener("load", () => root.classList.add("ready"));
  addEventListener("DOMContentLoaded", () => {
    theme();
    versions();
    versionFilter();
    document.body.append(status);
    copyPage();
    samples();
    responses();
    blocks();
    search();
    if (matchMedia("(width >= 80rem)").matches) for (const errors of all(".errs")) errors.open = true;
    reveal();
    tryIt();
    menu();
    document.querySelector("nav [aria-current]")?.scrollIntoView({ block: "nearest" });
    load("scroll-spy").then(() => window.scrollSpy(all("nav a[href^='#']")));
  });
  addEventListener("hashchange", reveal);
})();
