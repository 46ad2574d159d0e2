// The search box of a page and the list below it. Loaded when a reader first wants to search; `engine` is a promise of
// what assets/search.js makes, and takes longer.
"use strict";
window.searchBox = ({ all, make }, input, list, engine) => {
  let at = -1;
  const close = () => {
    list.hidden = true;
    input.setAttribute("aria-expanded", false);
    input.removeAttribute("aria-activedescendant");
  };
  const options = () => all("[data-href]", list);
  const select = (to) => {
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
  // Text becomes nodes, never HTML; every second piece of it was looked for.
  const pieces = (marked) => marked.map((piece, number) => (number % 2 ? make("mark", {}, piece) : piece));
  // One place is the row itself; several are options of a group that has the name.
  const row = ({ name, marked, places, more }) => {
    if (places.length === 1) {
      const [{ href, kind, where, text, marked: said }] = places;
      return option("li", href, ...pieces(marked), make("small", {}, make("i", {}, kind), ` ${where}`, ...(text ? [": ", ...pieces(said)] : [])));
    }
    const rest = more ? [make("small", {}, `and ${more} more`)] : [];
    return make("li", { role: "none" }, make("div", { role: "group", "aria-label": name }, make("span", { role: "presentation" }, ...pieces(marked)),
      ...places.map(({ href, kind, where }) => option("b", href, make("i", {}, kind), ` ${where}`)), ...rest));
  };
  const show = async () => {
    const query = input.value;
    const found = (await engine)(query);
    if (query !== input.value) return; // typed on meanwhile
    at = -1;
    list.replaceChildren(...found.map(row));
    options().forEach((one, number) => (one.id = `f${number}`));
    if (!found.length && query.trim()) list.append(make("li", { role: "option", "aria-disabled": true }, "Nothing found"));
    list.hidden = !list.children.length;
    input.setAttribute("aria-expanded", !list.hidden);
  };
  input.addEventListener("input", show);
  input.addEventListener("keydown", (event) => {
    if (event.key.startsWith("Arrow") && list.hidden) {
      if (event.key === "ArrowDown") show();
      return;
    }
    if (event.key === "ArrowDown") select(at + 1);
    else if (event.key === "ArrowUp") select(at - 1);
    else if (event.key === "Escape") close();
    else if (event.key === "Enter") {
      const href = options()[Math.max(at, 0)]?.dataset.href;
      if (!list.hidden && href) go(href);
    } else return;
    event.preventDefault();
  });
  document.addEventListener("click", (event) => event.target.closest(".search") || close());
  input.addEventListener("blur", ({ relatedTarget }) => relatedTarget === list || close());
  if (input.value) show(); // typed before this was there
};
