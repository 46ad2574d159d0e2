// What a reader may have looked for at an address that has no page. Loaded by 404.html alone, beside assets/site.js.
"use strict";
(async () => {
  const PLACES = 5;
  const LIKE = 0.6; // of the words of two names, how many have to be alike for one to be taken for the other
  const wordsOf = (name) => name.toLowerCase().split(/[^a-z0-9]+/).filter(Boolean);
  // Nothing is decoded: an address may hold what is not valid text, and a name of a page never does.
  const wanted = wordsOf((location.pathname.split("/").filter(Boolean).pop() || "").replace(/\.\w+$/, ""));
  if (!wanted.length) return;
  const load = (name) => new Promise((done, fail) => {
    document.head.append(Object.assign(document.createElement("script"), { src: `assets/${name}.js`, onload: done, onerror: fail }));
  });
  await Promise.all(["minisearch", "search", "search-index"].map(load));
  // Each word counts that begins as one of the other name does: `credit` and `credits`.
  const likeness = (slug) => {
    const words = wordsOf(slug);
    const shared = wanted.filter((one) => words.some((other) => other.startsWith(one) || one.startsWith(other))).length;
    return (2 * shared) / (wanted.length + words.length);
  };
  const named = window.searchIndex[0].map(([slug, title, group]) => ({ href: `${slug}.html`, title, group, likeness: likeness(slug) }))
    .filter((page) => page.likeness >= LIKE).sort((one, other) => other.likeness - one.likeness);
  const rows = (await window.makeSearch(window.MiniSearch, window.searchIndex))(wanted.join(" "));
  const found = [...named, ...rows.filter(({ places: [{ kind }] }) => kind === "page" || kind === "operation").map(({ name, places: [{ href, where }] }) => ({ href, title: name, group: where }))];
  const places = found.filter(({ href }, at) => found.findIndex((one) => one.href === href) === at).slice(0, PLACES);
  if (!places.length) return;
  const list = document.createElement("ul");
  for (const { href, title, group } of places) {
    const item = document.createElement("li");
    item.append(Object.assign(document.createElement("a"), { href, textContent: title }), group && group !== title ? ` (${group})` : "");
    list.append(item);
  }
  const said = document.getElementById("nearest");
  said.textContent = "Perhaps you want one of these:";
  said.after(list);
})();
