// A choice of one version of the system, which hides what that version does not have. Loaded on pages of a system that has
// versions, with `versions.js`: in `window.versionData` are all versions, and those that have an operation or a page, unless all have it.
"use strict";
window.versionFilter = ({ all, make, store, load }, select) => {
  const { all: known, operations, pages } = window.versionData;
  const page = document.querySelector('link[rel="alternate"]').getAttribute("href").replace(/\.md$/, "");
  // The versions a mark stands for, as `docs_site/version_ranges.py` writes them: in the title, or in words if there is one.
  const versionsOf = (mark) => (mark.title || mark.textContent.replace(/ only$/, "")).split(", ");
  const marked = all("dt > :is(b, i)").filter((mark) => /^\d+\.\d/.test(versionsOf(mark)[0]));
  const said = make("span", { role: "status" });
  select.append(...known.map((one) => make("option", { value: one }, `Spree ${one}`)));
  const isLacking = (having) => Boolean(select.value && having) && !having.includes(select.value);

  // An example of a version is labelled with it: of several, the one of the chosen version is shown.
  const examples = all(".x").map((box) => all(":scope > .ex", box)).filter((boxes) => boxes.length > 1);
  const isOf = (box, version) => version && box.firstElementChild.textContent.includes(` ${/^\d+\.\d+/.exec(version)[0]}`);

  // What each version responds to the samples, loaded when the first one is chosen. `null`: it could not be loaded.
  let played;
  const loaded = () => (played ??= load(`samples/${page}.versions`).then(() => window.versionSamples, () => null));

  // Of each block of code that was changed, what stood there first.
  const first = new Map();
  const change = (code, made) => {
    if (!first.has(code)) first.set(code, code.innerHTML);
    code.innerHTML = made(code.innerHTML);
  };
  const follow = async () => {
    const found = select.value && (await loaded());
    for (const [code, html] of first) code.innerHTML = html;
    first.clear();
    for (const note of all(".of")) note.remove();
    const version = select.value; // another one may have been chosen while they were loaded
    for (const [id, { ids, html }] of Object.entries(found?.[version] || {})) {
      const section = document.getElementById(id);
      const box = section.querySelector(".rs > div.ex");
      box.querySelector(":scope > .l").after(make("p", { class: "f of" }, `Spree ${version}, from the mock`));
      for (const code of html ? [box.querySelector("pre code"), ...all(`[data-of="${id}"] code`)] : []) change(code, () => html);
      // The request names what this response is about.
      for (const [before, after] of Object.entries(ids))
        for (const code of all(".sm code", section)) if (code.textContent.includes(before)) change(code, (now) => now.replaceAll(before, after));
    }
    return found !== null;
  };

  // Such as "2 attributes and 1 parameter that Spree 5.5 lacks are hidden".
  const kindOf = (mark) => (mark.closest("[data-in]") ? "parameter" : mark.closest("dl").className === "s" ? "response" : "attribute");
  const hiddenIn = (kinds) => {
    const parts = [...new Set(kinds)].map((kind) => [kind, kinds.filter((one) => one === kind).length]);
    const text = new Intl.ListFormat("en-GB").format(parts.map(([kind, count]) => `${count} ${kind}${count > 1 ? "s" : ""}`));
    return `${text} that Spree ${select.value} lacks ${kinds.length > 1 ? "are" : "is"} hidden`;
  };

  const show = async () => {
    const version = select.value;
    for (const note of all(".gone")) note.remove();
    for (const boxes of examples) {
      const chosen = boxes.find((box) => isOf(box, version));
      for (const box of boxes) {
        box.hidden = Boolean(chosen) && box !== chosen;
        if (box === chosen) box.open = true;
      }
    }
    // Operations and pages that the version lacks stay, and say so. Nothing inside them is hidden.
    for (const link of all("nav a, .ops a")) {
      const to = link.getAttribute("href");
      const having = to.startsWith("#") ? operations[document.getElementById(to.slice(1))?.closest("section")?.id] : pages[to.replace(/\.html$/, "")];
      link.classList.toggle("lacks", isLacking(having));
      if (isLacking(having)) link.append(make("small", { class: "gone" }, ` not in ${version}`));
    }
    const note = (section, ...parts) => (section.querySelector(".bar") || section.querySelector("h2")).after(make("p", { class: "f gone" }, ...parts));
    const kept = all("section[data-method]").filter(({ id }) => isLacking(operations[id]));
    for (const section of kept) note(section, make("b", { class: "no" }, `Not in Spree ${version}`), ", the version you chose. This section describes the versions that have it.");
    const hidden = new Map(); // the kinds of what is hidden, by section
    for (const mark of marked) {
      const name = mark.parentElement;
      const section = mark.closest("section");
      const hides = version !== "" && !versionsOf(mark).includes(version) && !kept.includes(section) && !isLacking(pages[page]);
      // A type that only some versions accept, beside another.
      if (mark.className === "t") {
        mark.hidden = hides;
        continue;
      }
      name.hidden = name.nextElementSibling.hidden = hides;
      if (hides) hidden.set(section, [...(hidden.get(section) || []), kindOf(mark)]);
    }
    for (const [section, kinds] of hidden) note(section, `${hiddenIn(kinds)}.`);
    document.documentElement.dataset.version = version;
    dispatchEvent(new Event("version"));
    const follows = await follow();
    if (version !== select.value) return;
    if (isLacking(pages[page])) said.textContent = `Spree ${version} has none of these operations`;
    else said.textContent = hidden.size ? `${hiddenIn([...hidden.values()].flat())}${follows ? "" : ", but not in the sample responses"}` : "";
  };
  // A link to something hidden shows it.
  const reveal = () => {
    let target = null;
    try {
      target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    } catch {}
    if (!target?.closest(":is(dt, dd)[hidden]")) return;
    select.value = "";
    show();
    target.scrollIntoView();
  };

  select.value = known.includes(store("version")) ? store("version") : "";
  select.addEventListener("change", () => {
    store("version", select.value);
    show();
  });
  addEventListener("hashchange", reveal);
  // Samples that the page loads by itself may come later than this.
  addEventListener("samples", follow);
  document.querySelector(".tools").append(said);
  // What a link leads to stays where it is.
  show().then(() => select.value && document.querySelector(":target")?.scrollIntoView());
  reveal();
};
