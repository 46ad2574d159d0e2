// A choice of one version of the system, which hides what that version does not have. Loaded on pages that mark versions.
"use strict";
window.versionFilter = ({ all, make, store }) => {
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

  const show = () => {
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
      name.hidden = name.nextElementSibling.hidden = hides;
      count += hides;
    }
    said.textContent = count ? `${count} hidden, but not in the sample responses` : "";
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
  document.querySelector(".tools").append(make("label", {}, "Version ", select), said);
  show();
  reveal();
};
