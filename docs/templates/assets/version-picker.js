// The link to the list of versions becomes the list itself, in which each leads to this page as it is there. Loaded where a
// site has several versions.
"use strict";
window.versionPicker = async (make, link) => {
  let known;
  try {
    known = await (await fetch(new URL("versions.json", link.href))).json();
  } catch {
    return;
  }
  const name = link.textContent;
  if (known.length < 2) return link.replaceWith(make("span", { class: "version" }, name));
  const page = /([^/]*?)(\.html)?$/.exec(location.pathname)[1] || "index"; // some hosts leave out the ending
  const list = make("ul");
  const box = make("details", { class: "version" }, make("summary", { "aria-label": `Version ${name}; choose another` }, name), list);
  const fill = () => list.replaceChildren(
    ...known.map((one, place) => {
      const same = one.pages.includes(page);
      const to = make("a", { href: new URL(`${one.name}/${same ? page + ".html" + location.hash : "index.html"}`, link.href) }, one.name);
      if (one.name === name) to.setAttribute("aria-current", "page");
      if (!place || !same) to.append(" ", make("small", {}, same ? "newest" : "without this page"));
      return make("li", {}, to);
    }),
    make("li", {}, make("a", { href: link.href }, "All versions")),
  );
  box.addEventListener("toggle", () => box.open && fill());
  box.addEventListener("keydown", ({ key }) => {
    if (key !== "Escape" || !box.open) return;
    box.open = false;
    box.firstChild.focus();
  });
  addEventListener("click", ({ target }) => { if (!box.contains(target)) box.open = false; });
  link.replaceWith(box);
};
