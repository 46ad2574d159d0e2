// A choice of one version of the system, which hides what that version does not have. Loaded on pages that mark versions.
"use strict";
window.versionFilter = ({ all, make, store, load }) => {
  // The versions a mark stands for, as `docs_site/version_ranges.py` writes them: in the title, or in words if there is one.
  const versionsOf = (mark) => (mark.title || mark.textContent.replace(/ only$/, "")).split(", ");
  // `6.0-alpha` comes before `6.0`, and `6.0-alpha+ledger` between them.
  const order = (version) => version.replace(/^(\d+\.\d+)$/, "$1~");
  const marked = all("dt > :is(b, i)").filter((mark) => /^\d+\.\d/.test(versionsOf(mark)[0]));
  const known = [...new Set(marked.flatMap(versionsOf))].sort((one, other) => (order(one) < order(other) ? -1 : 1));
  const select = make("select", {}, make("option", { value: "" }, "All versions"), ...known.map((one) => make("option", { value: one }, one)));
  const said = make("span", { role: "status" });

  // An example of a version is labelled with it: of several, the one of the chosen version is shown.
  const examples = all(".x").map((box) => all(":scope > .ex", box)).filter((boxes) => boxes.length > 1);
  const isOf = (box, version) => version && box.firstElementChild.textContent.includes(` ${/^\d+\.\d+/.exec(version)[0]}`);

  // What each version responds to the samples, loaded when the first one is chosen. `null`: it could not be loaded.
  let played;
  const page = document.querySelector('link[rel="alternate"]').getAttribute("href").replace(/\.md$/, "");
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

  const show = async () => {
    let count = 0;
    for (const boxes of examples) {
      const chosen = boxes.find((box) => isOf(box, select.value));
      for (const box of boxes) {
        box.hidden = Boolean(chosen) && box !== chosen;
        if (box === chosen) box.open = true;
      }
    }
    for (const mark of marked) {
      const name = mark.parentElement;
      const hides = select.value !== "" && !versionsOf(mark).includes(select.value);
      // A type that only some versions accept, beside another.
      if (mark.className === "t") {
        mark.hidden = hides;
        continue;
      }
      name.hidden = name.nextElementSibling.hidden = hides;
      count += hides;
    }
    const version = select.value;
    const follows = await follow();
    if (version === select.value) said.textContent = count ? `${count} hidden${follows ? "" : ", but not in the sample responses"}` : "";
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
  document.querySelector(".tools").append(make("label", {}, "Version ", select), said);
  // What a link leads to stays where it is.
  show().then(() => select.value && document.querySelector(":target")?.scrollIntoView());
  reveal();
};
