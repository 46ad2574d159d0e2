// What the search finds, and in which order. Loaded with MiniSearch and the index when a reader first wants to search;
// tests/docs/search.mjs loads the same three files.
"use strict";
(() => {
  // By the kinds of scripts/store_credit_tools/docs_site/search.py: page, operation, section, decision, attribute.
  const WEIGHTS = [6, 5, 1.6, 0.5, 0.4];
  const OPERATION = 1;
  const ATTRIBUTE = 4;
  const KINDS = ["page", "operation", "section", "decision", "field"]; // in words
  // Of what is generated from sources this and less; it is called exactly so only if it is written so, too.
  const REFERENCE = 0.6;
  const ROWS = 12;
  const FEW = 4; // rows of what has all words, below which what has one of them follows
  const PLACES = 6;

  const words = (text) => text.match(/[\p{L}\p{N}]+/gu) || [];
  // `OutcomeUnknownError` is found by each of its words, too.
  const parts = (text) => words(text).flatMap((word) => {
    const pieces = word.match(/\p{Lu}?[\p{Ll}\p{N}]+/gu) || [];
    return pieces.length > 1 && pieces.join("") === word ? [word, ...pieces] : [word];
  });

  // What a question is made of, and no page is about.
  const IDLE = new Set("a an and are can could do does for from have how i in is it me my of on or our should the there this to we what when where which why will with would you your".split(" "));
  // The words that count; all of them where there are no others.
  const wanted = (asked) => {
    const some = asked.filter((word) => !IDLE.has(word));
    return some.length ? some : asked;
  };

  // As it was typed; else with one letter wrong; else with two neighbours exchanged, which is two letters wrong; at last
  // whatever has one of the words. Words of fewer than four letters are taken as they are.
  const ATTEMPTS = [
    { combineWith: "AND", fuzzy: false },
    { combineWith: "AND", fuzzy: (word) => word.length > 3 && 1 },
    { combineWith: "AND", fuzzy: (word) => word.length > 4 && 2 },
    { combineWith: "OR", fuzzy: false },
    { combineWith: "OR", fuzzy: (word) => word.length > 3 && 1 },
  ];

  // Some words of a text, from shortly before the longest of those that were looked for.
  function excerpt(text, asked, terms) {
    const low = text.toLowerCase();
    const longest = (one, other) => other.length - one.length;
    const term = [...[...asked].sort(longest), ...[...terms].sort(longest)].find((one) => low.includes(one));
    const at = term ? low.indexOf(term) : 0;
    const from = at > 60 ? text.lastIndexOf(" ", at - 30) + 1 : 0;
    return (from ? "… " : "") + text.slice(from, from + 160);
  }

  // A text in pieces, every second of which is what the engine found: whole words, or words of a name such as
  // `OutcomeUnknownError`.
  function marked(text, terms) {
    const found = new Set(terms);
    const pieces = [""];
    const add = (piece) => {
      const same = found.has(piece.toLowerCase()) === (pieces.length % 2 === 0);
      if (same) pieces[pieces.length - 1] += piece;
      else pieces.push(piece);
    };
    for (const word of text.split(/([\p{L}\p{N}]+)/u)) {
      const inner = found.has(word.toLowerCase()) ? [] : parts(word).slice(1);
      (inner.length ? inner : [word]).forEach(add);
    }
    return pieces;
  }

  window.makeSearch = async (MiniSearch, [pages, entries]) => {
    const engine = new MiniSearch({
      fields: ["name", "words", "about", "text"],
      storeFields: [],
      tokenize: parts,
      searchOptions: {
        tokenize: words,
        prefix: true,
        boost: { name: 8, words: 6, about: 1.5, text: 1 },
        weights: { prefix: 0.6, fuzzy: 0.3 },
        boostDocument: (id) => WEIGHTS[entries[id][1]] * pages[entries[id][0]][3],
      },
    });
    const documents = entries.map(([page, , name, , owner, text, more], id) => {
      const [, title, group] = pages[page];
      return { id, name: name || title, words: more, about: `${owner} ${title} ${group}`, text };
    });
    await engine.addAllAsync(documents, { chunkSize: 200 }); // in pieces, so that typing does not stop meanwhile

    // Rows of {name, marked, places: [{href, kind, where, text, marked}], more}: things of one name are one row with the
    // places they are in.
    return (query) => {
      const typed = words(query.toLowerCase());
      if (!typed.length) return [];
      const asked = wanted(typed);
      let found = [];
      for (const attempt of ATTEMPTS) {
        found = engine.search(asked.join(" "), attempt);
        if (found.length) break;
      }
      if (found.length && asked.length > 1 && new Set(found.map(({ id }) => entries[id][2] || entries[id][0])).size < FEW) {
        const ids = new Set(found.map(({ id }) => id));
        const least = Math.min(...found.map(({ score }) => score));
        const rest = engine.search(asked.join(" "), { combineWith: "OR", fuzzy: false }).filter(({ id }) => !ids.has(id));
        found.push(...rest.map((one) => ({ ...one, score: (least / 100) * (one.score / rest[0].score) })));
      }
      const rows = new Map();
      for (const { id, terms, score } of found) {
        const [page, kind, name, anchor, owner, text] = entries[id];
        const [slug, title, group, weight] = pages[page];
        const called = name || title;
        // What is called exactly so comes first, whatever it is.
        const same = weight > REFERENCE ? words(called.toLowerCase()).join(" ") === typed.join(" ") : called === query.trim();
        // An operation by its name in the SDK, whole or the last of it.
        const method = kind === OPERATION && [" ", "."].some((before) => called.endsWith(before + query.trim()));
        const exact = same || method ? 20 : 1;
        const key = called.toLowerCase();
        if (!rows.has(key)) rows.set(key, { name: called, marked: marked(called, terms), score: 0, places: new Map() });
        const row = rows.get(key);
        row.score = Math.max(row.score, score * exact);
        const href = `${slug}.html${anchor && "#" + anchor}`;
        const where = [group, name && kind && title, owner].filter((one, at, all) => one && all.indexOf(one) === at).join(" · ");
        // What has one name in one place, such as a field of two examples, is one place to a reader.
        if (row.places.has(where)) continue;
        const said = excerpt(text, asked, terms);
        // What is generated from sources has entries of its own: classes, methods, routes, commands, variables.
        const what = kind === ATTRIBUTE && weight <= REFERENCE ? "reference" : KINDS[kind];
        row.places.set(where, { href, kind: what, where, text: said, marked: marked(said, terms) });
      }
      return [...rows.values()].sort((one, other) => other.score - one.score).slice(0, ROWS).map(({ name, marked, places }) => {
        const all = [...places.values()];
        return { name, marked, places: all.slice(0, PLACES), more: Math.max(0, all.length - PLACES) };
      });
    };
  };
})();
