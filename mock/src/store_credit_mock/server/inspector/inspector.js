// The inspector. Everything it shows and does goes through the control plane, /_mock/openapi.json. Whatever came from
// an exchange is put on the page as text, never as markup: there is one way to make an element, `el`.
(() => {
  "use strict";

  const EXCHANGES_KEPT = 1000;
  const POLL_MS = 1000;
  const SLOW_POLL_MS = 3000;
  const PATIENCE_MS = 10_000;
  const DEEPEST = 200;
  const $ = (selector, from = document) => from.querySelector(selector);
  const all = (selector, from = document) => [...from.querySelectorAll(selector)];

  function el(name, attributes = {}, ...children) {
    const made = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) {
      if (value === undefined || value === null || value === false) continue;
      if (key.startsWith("on")) made.addEventListener(key.slice(2), value);
      else made.setAttribute(key, value === true ? "" : value);
    }
    made.append(...children.flat().filter((child) => child !== null && child !== undefined));
    return made;
  }

  const free = (text) => el("span", { class: "free" }, text);
  const code = (text) => el("code", {}, String(text));
  const moment = (milliseconds) => (milliseconds === null ? "never" : new Date(milliseconds).toISOString().replace("T", " ").replace(".000Z", "Z"));
  const plural = (count, one, many = `${one}s`) => `${count} ${count === 1 ? one : many}`;
  const decoded = (text) => { try { return decodeURIComponent(text.replaceAll("+", " ")); } catch { return text; } };
  const method = (name) => el("b", { class: `m ${/^[A-Z]+$/.test(name) ? name.toLowerCase() : ""}` }, name);
  const grade = (status) => (status >= 500 ? "no" : status >= 400 ? "warn" : "ok");

  // A table that small screens show as a list of its rows. A column is [title, cell of a row, aligned right].
  function table(caption, columns, rows, attributes = () => ({})) {
    const cell = ([title, show, right], row) => el("td", { role: "cell", "data-name": title, class: right && "r" }, el("span", {}, show(row)));
    return el("table", { role: "table" }, el("caption", {}, caption),
      el("thead", { role: "rowgroup" }, el("tr", { role: "row" }, columns.map(([title, , right]) => el("th", { role: "columnheader", scope: "col", class: right && "r" }, title)))),
      el("tbody", { role: "rowgroup" }, rows.map((row) => el("tr", { role: "row", ...attributes(row) }, columns.map((column) => cell(column, row))))));
  }

  // Puts something new into a place, only if it is new, and leaves the focus where it was.
  const shown = new Map();
  function show(place, value, make) {
    const text = JSON.stringify(value);
    if (shown.get(place) === text) return;
    shown.set(place, text);
    const key = place.contains(document.activeElement) ? document.activeElement.dataset.key : undefined;
    place.replaceChildren(...[make(value)].flat());
    if (key) all("[data-key]", place).find((one) => one.dataset.key === key)?.focus();
  }

  // The control plane

  class Refused extends Error {
    constructor(status, text) { super(text); this.status = status; }
  }

  async function call(verb, path, body) {
    let answer;
    try {
      answer = await fetch(path, {
        method: verb, cache: "no-store", credentials: "same-origin", signal: AbortSignal.timeout(PATIENCE_MS),
        ...(body === undefined ? {} : { body: JSON.stringify(body), headers: { "content-type": "application/json" } }),
      });
    } catch {
      throw new Refused(0, "The mock is not responding. Retrying.");
    }
    const text = await answer.text();
    let value = null;
    try { value = text ? JSON.parse(text) : null; } catch { /* a proxy's page, or a cut answer */ }
    if (answer.status === 401) throw new Refused(401, "The mock was restarted, so this browser is no longer signed in. Open the link that the mock printed.");
    if (!answer.ok) throw new Refused(answer.status, value?.error ?? `The mock returned ${answer.status}.`);
    return value;
  }

  // Where there is no room for two columns, what was chosen stands in place of the list.
  const narrow = () => !matchMedia("(width >= 64rem)").matches;

  let saying;
  function say(text, bad = false) {
    clearTimeout(saying);
    $("#said").textContent = text;
    $("#said").classList.toggle("no", bad);
    saying = setTimeout(() => { $("#said").textContent = ""; }, 8000);
  }

  // Does something, says so, and shows what has become of it.
  async function act(done, work) {
    try {
      const result = await work();
      say(typeof done === "function" ? done(result) : done);
      await refresh();
      return result;
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      say(error.message, true);
    }
  }

  const button = (key, text, run, label) => el("button", { type: "button", "data-key": key, "aria-label": label, onclick: run }, text);

  // JSON as lines, every literal as it was sent: no number is rounded, no member that comes twice is lost.
  const TOKEN = /\s*(?:([{}[\],:])|("(?:[^"\\]|\\.)*")|(-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null))/y;
  const step = (text) => String(text).replaceAll("~", "~0").replaceAll("/", "~1");

  function jsonLines(text) {
    try { JSON.parse(text); } catch { return null; }
    TOKEN.lastIndex = 0;
    const next = () => { const fit = TOKEN.exec(text); return fit && { sign: fit[1], string: fit[2], plain: fit[3] }; };
    const lines = [];
    let token = next();
    const open = [];
    let line = { pointer: "", depth: 0, parts: [] };
    const end = () => { if (line) lines.push(line); line = null; };
    const value = () => {
      const place = open.at(-1);
      if (place && !place.object) {
        end();
        line = { pointer: `${place.pointer}/${place.count}`, depth: open.length, parts: [] };
      }
    };
    while (token) {
      const { sign, string, plain } = token;
      let upcoming = next();
      if (sign === "{" || sign === "[") {
        value();
        line.parts.push(["", sign]);
        // Every line is indented and has a pointer: a body of 30,000 brackets would be gigabytes of both.
        if (open.length === DEEPEST) return null;
        open.push({ object: sign === "{", pointer: line.pointer, count: 0, filled: !["}", "]"].includes(upcoming?.sign), key: sign === "{" });
      } else if (sign === "}" || sign === "]") {
        const { filled, pointer } = open.pop();
        if (filled) { end(); line = { pointer: `${pointer}#end`, depth: open.length, parts: [] }; }
        line.parts.push(["", sign]);
        if (open.length) open.at(-1).key = open.at(-1).object;
      } else if (sign === ",") {
        line.parts.push(["", ","]);
        open.at(-1).count++;
        open.at(-1).key = open.at(-1).object;
      } else if (string !== undefined && open.at(-1)?.key && upcoming?.sign === ":") {
        const place = open.at(-1);
        end();
        line = { pointer: `${place.pointer}/${step(JSON.parse(string))}`, depth: open.length, parts: [["b", string], ["", ": "]] };
        place.key = false;
        upcoming = next();
      } else if (string !== undefined || plain !== undefined) {
        value();
        line.parts.push(string === undefined ? ["u", plain] : ["i", string]);
      }
      token = upcoming;
    }
    end();
    return lines;
  }

  // `filter[user_id]=1` has the pointer /filter/user_id, `expand[]=customer` /expand; or the name as it stands, see rows.
  const pairs = (text) => text.split("&").filter(Boolean).map((pair) => {
    const at = pair.includes("=") ? pair.indexOf("=") : pair.length;
    const name = decoded(pair.slice(0, at));
    return { name, value: decoded(pair.slice(at + 1)), pointer: name.split(/[[\]]+/).filter(Boolean).map((part) => `/${step(part)}`).join("") };
  });

  // One exchange, with every violation at the place it points at

  class Sheet {
    constructor() { this.places = new Map(); this.met = 0; }

    // An element that a violation may point at; `notes` is where what is wrong will be said.
    at(side, pointer, element, notes = element) {
      const key = `${side} ${pointer}`;
      if (!this.places.has(key)) this.places.set(key, { element, notes });
      return element;
    }

    find(side, pointer) {
      for (let rest = pointer; ; rest = rest.slice(0, rest.lastIndexOf("/"))) {
        const found = this.places.get(`${side} ${rest}`);
        if (found || !rest) return found;
      }
    }

    mark(violation) {
      const { side, pointer, keyword, expected, got, message, line } = violation;
      const place = this.find(side === "webhook" ? "request" : side, pointer);
      const where = line === null ? "" : ` (openapi.yaml:${line})`;
      const note = el("span", { class: "rule", id: `rule-${this.met++}`, tabindex: "-1" }, el("strong", {}, keyword), `: ${message}${where}`);
      // Members that may not be there are named only in the text; the first of them carries the note.
      const surplus = ["additionalProperties", "unevaluatedProperties"].includes(keyword) ? got.split(", ") : [];
      const named = surplus.map((name) => this.places.get(`${side} ${pointer}/${step(name)}`)).filter(Boolean);
      for (const { element } of named.length ? named : [place]) element.classList.add("bad");
      (named[0] ?? place).notes.append(note);
      const jump = () => { note.scrollIntoView({ block: "center" }); note.focus({ preventScroll: true }); };
      return el("li", {}, el("button", { type: "button", onclick: jump },
        el("b", {}, `${side} ${pointer}`), el("br"), message, el("br"),
        el("small", {}, `${keyword}: expected ${expected || "nothing"}; got ${got || "nothing"}${where}`)));
    }

    rows(caption, side, base, listed) {
      const cells = listed.map(({ name, value, pointer }) => {
        const notes = el("span", {}, code(value));
        const row = el("tr", { role: "row" }, el("td", { role: "cell", "data-name": "name" }, el("span", {}, code(name))), el("td", { role: "cell", "data-name": "value" }, notes));
        this.at(side, base + pointer, row, notes);
        this.at(side, `${base}/${step(name)}`, row, notes);
        return row;
      });
      return el("table", { role: "table" }, el("caption", {}, caption), el("thead", { role: "rowgroup" }, el("tr", { role: "row" }, ["name", "value"].map((title) => el("th", { role: "columnheader", scope: "col" }, title)))), el("tbody", { role: "rowgroup" }, cells));
    }

    headers(side, headers) {
      // Named once although a header may come twice; the first is the one that was checked.
      const listed = headers.map(([name, value]) => ({ name, value, pointer: `/header/${step(name.toLowerCase())}` }));
      const title = el("summary", {}, plural(headers.length, "header"));
      const folded = el("details", {}, title, this.rows("Headers", side, "", listed));
      this.at(side, "/header", title, folded);
      return folded;
    }

    body(side, { headers, body }) {
      if (!body) return [this.at(side, "/body", el("p", { class: "mute" }, "No body"))];
      const made = [this.at(side, "/body", el("h4", {}, "Body"))];
      const type = headers.find(([name]) => name.toLowerCase() === "content-type")?.[1] ?? "";
      if (side === "request" && type.startsWith("application/x-www-form-urlencoded")) return [...made, this.rows("Form", side, "/body", pairs(body))];
      const lines = jsonLines(body);
      if (!lines) return [...made, el("pre", { tabindex: "0" }, body)];
      const text = lines.map(({ pointer, depth, parts }) => {
        const line = el("span", { class: "line" }, "  ".repeat(depth), parts.map(([kind, part]) => (kind ? el(kind, {}, part) : part)));
        if (pointer) this.at(side, `/body${pointer}`, line);
        return line;
      });
      return [...made, el("pre", { tabindex: "0" }, text)];
    }

    show(exchange) {
      const { number, at, operation, request, response, violations, fault } = exchange;
      const asked = el("p", {}, method(request.method), " ", code(request.path + (request.query ? `?${request.query}` : "")));
      const answered = el("p", {}, el("b", { class: `n ${grade(response.status)}` }, String(response.status)), response.dropped ? " (the connection was dropped before the end)" : "");
      for (const pointer of ["", "/method", "/path", "/query"]) this.at("request", pointer, asked);
      for (const pointer of ["", "/status"]) this.at("response", pointer, answered);
      const parts = [
        el("h3", {}, "Request"), asked,
        request.query ? this.rows("Query", "request", "/query", pairs(request.query)) : null,
        this.headers("request", request.headers), ...this.body("request", request),
        el("h3", {}, "Response"), answered, this.headers("response", response.headers), ...this.body("response", response),
      ];
      const wrong = violations.map((violation) => this.mark(violation));
      // What is wrong must not be folded away.
      for (const part of parts) if (part?.tagName === "DETAILS" && $(".rule, .bad", part)) part.open = true;
      return [
        el("a", { class: "back", href: "#exchanges" }, "Back to the list"),
        el("h2", {}, `Exchange ${number}`),
        el("p", { class: "mute" }, [operation ?? "no operation of the document", moment(at), fault && `fault ${fault}`].filter(Boolean).join(" · ")),
        wrong.length ? el("h3", {}, `${plural(wrong.length, "violation")} of the OpenAPI document`) : el("p", { class: "ok" }, operation ? "Request and response comply with the OpenAPI document." : ""),
        wrong.length ? el("ul", { class: "wrong" }, wrong) : null,
        ...parts,
      ];
    }
  }

  // Exchanges: one line each is kept here, the whole of one is asked for when it is chosen

  const record = { list: [], last: 0, cleared: null, paused: false, chosen: null, loaded: null };

  function fits(exchange) {
    const form = $("#filter").elements;
    return (!form.system.value || (exchange.operation ?? "").startsWith(`${form.system.value}.`))
      && (!form.operation.value || exchange.operation === form.operation.value)
      && (!form.violations.checked || exchange.violations > 0);
  }

  function exchangeRow(exchange) {
    const { number, at, operation, path, query, status, dropped, violations, fault } = exchange;
    const marks = [
      dropped ? el("span", { class: "tag warn" }, "dropped") : null,
      fault ? el("span", { class: "tag warn" }, "fault") : null,
      violations ? el("span", { class: "tag no" }, plural(violations, "violation")) : null,
    ].filter(Boolean).flatMap((mark) => [" ", mark]);
    return el("li", {}, el("a", { href: `#exchanges/${number}`, "data-key": `exchange-${number}`, tabindex: "-1", "aria-current": String(number) === record.chosen && "true" },
      method(exchange.method), code(path + (query ? `?${query}` : "")), el("span", { class: `n ${grade(status)}` }, String(status)),
      el("small", {}, operation ?? "no operation", ...marks), el("small", {}, moment(at).slice(11, 19))));
  }

  function showExchanges() {
    const list = record.list.filter(fits);
    show($("#exchange-list"), [list.map(({ number, at }) => [number, at]), record.chosen], () => list.map(exchangeRow).reverse());
    // One stop for the whole list; the arrow keys move inside it.
    const rows = all("#exchange-list a");
    (rows.find((row) => row === document.activeElement) ?? rows.find((row) => row.ariaCurrent) ?? rows[0])?.setAttribute("tabindex", "0");
    const wrong = list.filter(({ violations }) => violations).length;
    $("#counted").textContent = record.list.length ? `${plural(list.length, "exchange")}, ${wrong} with violations; newest first. Use the arrow keys to move through the list.` : "The mock has not received any requests yet.";
  }

  async function loadExchanges() {
    let { data, last, cleared } = await call("GET", `/_mock/exchanges/brief?limit=${EXCHANGES_KEPT}&after=${record.last}`);
    if (cleared !== record.cleared || last < record.last) {
      if (record.last) ({ data, last, cleared } = await call("GET", `/_mock/exchanges/brief?limit=${EXCHANGES_KEPT}`));
      record.list = [];
      record.loaded = null;
    }
    record.list = [...record.list, ...data].slice(-EXCHANGES_KEPT);
    record.last = last;
    record.cleared = cleared;
    showExchanges();
  }

  async function chooseExchange(number) {
    const left = record.chosen;
    record.chosen = number ?? null;
    $("#view-exchanges .pair").classList.toggle("chosen", Boolean(number));
    showExchanges();
    if (narrow() && left && !number) $(`[data-key="exchange-${Number(left)}"]`)?.focus();
    if (record.loaded === record.chosen) return;
    record.loaded = record.chosen;
    const place = $("#exchange");
    if (!number) {
      place.replaceChildren(el("p", { class: "mute" }, "Select an exchange to see its details."));
      return;
    }
    try {
      const exchange = await call("GET", `/_mock/exchanges/${encodeURIComponent(number)}`);
      if (record.chosen !== number) return;
      place.replaceChildren(...new Sheet().show(exchange).filter((one) => one !== null));
    } catch (error) {
      place.replaceChildren(el("a", { class: "back", href: "#exchanges" }, "Back to the list"), el("p", { class: "no" }, error.message));
    }
    place.scrollTop = 0;
    if (narrow()) place.focus();
  }

  // Credits

  const BOOKS = {
    vinr: {
      path: "/_mock/vinr/store-credit",
      columns: [["customer", (row) => row.customer], ["amount", (row) => `${row.amount} ${row.currency}`, true], ["remaining", (row) => String(row.balance_remaining), true], ["expires", (row) => moment(row.expires_at === null ? null : row.expires_at * 1000)]],
      amount: (entry) => `${entry.amount} ${entry.currency}`,
    },
    spree: {
      path: "/_mock/spree/store_credits",
      columns: [["user", (row) => String(row.user_id ?? "none")], ["amount", (row) => `${row.amount} ${row.currency ?? ""}`, true], ["used", (row) => row.amount_used, true], ["authorized", (row) => row.amount_authorized, true], ["remaining", (row) => row.amount_remaining, true], ["memo", (row) => (row.deleted_at === null ? free(row.memo ?? "") : `deleted ${moment(row.deleted_at)}`)]],
      // By its digits: an amount may be larger than a number of JavaScript is exact.
      amount: (entry) => `${String(entry.amount).padStart(3, "0").replace(/(..)$/, ".$1")} ${entry.currency}`,
    },
  };
  // Another document than the bundled one may have nothing of a system, whose routes are then not there.
  let played = Object.keys(BOOKS);
  let ledger = [];

  async function loadCredits() {
    for (const [system, { path, columns }] of Object.entries(BOOKS)) {
      if (!played.includes(system)) {
        show($(`#${system}-credits`), null, () => el("p", { class: "mute" }, "Not mocked: the OpenAPI document has no operations of this system."));
        continue;
      }
      const data = await call("GET", path);
      const link = ["id", (row) => el("a", { class: "now", href: `#credits/${system}/${encodeURIComponent(row.id)}`, "data-key": `credit-${row.id}` }, String(row.id))];
      const current = (row) => ({ "aria-current": ledger[0] === system && ledger[1] === String(row.id) && "true" });
      show($(`#${system}-credits`), [data, ledger], () => (data.length ? table(plural(data.length, "credit"), [link, ...columns], data, current) : el("p", {}, "There are no credits.")));
    }
    const [system, id] = ledger;
    $("#view-credits .pair").classList.toggle("chosen", Boolean(id));
    if (!id || !BOOKS[system]) {
      show($("#ledger"), null, () => el("p", { class: "mute" }, "Select a credit to see its ledger."));
      return;
    }
    const back = () => el("a", { class: "back", href: "#credits" }, "Back to the list");
    try {
      const data = await call("GET", `${BOOKS[system].path}/${encodeURIComponent(id)}/entries`);
      show($("#ledger"), [ledger, data], () => [back(), el("h2", {}, "Ledger of ", code(id)), table(plural(data.length, "movement"), [
        ["when", (entry) => moment(entry.at)], ["action", (entry) => entry.action], ["from", (entry) => entry.source], ["to", (entry) => entry.target],
        ["amount", BOOKS[system].amount, true], ["reference", (entry) => (entry.reference ? code(entry.reference) : "")],
      ], data)]);
    } catch (error) {
      if (error.status !== 404) throw error;
      show($("#ledger"), [ledger, error.message], () => [back(), el("p", { class: "no" }, error.message)]);
    }
  }

  // Deliveries

  async function loadDeliveries() {
    const [endpoints, deliveries, events] = await Promise.all(["webhook-endpoints", "deliveries", "events"].map((name) => call("GET", `/_mock/vinr/${name}`)));
    const known = new Map(events.map((event) => [event.id, event]));
    const urls = new Map(endpoints.map(({ id, url }) => [id, url]));
    $("#hold").setAttribute("aria-pressed", String(deliveries.held));
    show($("#endpoints"), endpoints, (rows) => (rows.length ? table(plural(rows.length, "endpoint"), [
      ["URL", ({ url }) => code(url)], ["events", (row) => row.enabled_events.join(", ")], ["state", ({ status }) => status],
      ["actions", ({ id, url }) => button(`remove-${id}`, "Remove", () => act("Removed.", () => call("DELETE", `/_mock/vinr/webhook-endpoints/${encodeURIComponent(id)}`)), `Remove ${url}`)],
    ], rows) : el("p", {}, "No endpoints are registered, so nothing is sent.")));
    show($("#outbox"), [deliveries.data, events], () => (deliveries.data.length ? table(plural(deliveries.data.length, "delivery", "deliveries"), [
      ["event", (row) => el("details", {}, el("summary", { "data-key": `event-${row.id}` }, known.get(row.event)?.type ?? row.event), el("pre", { tabindex: "0" }, JSON.stringify(known.get(row.event) ?? row.event, null, 2)))],
      ["to", (row) => code(urls.get(row.endpoint) ?? row.endpoint)],
      ["state", (row) => el("span", { class: { delivered: "ok", failed: "no" }[row.state] ?? "warn" }, row.state)],
      ["tries", (row) => String(row.attempts), true],
      ["due", (row) => moment(row.due)],
      ["last response", (row) => free([row.last_status, row.last_error].filter((one) => one !== null).join(" ") || "none")],
      ["actions", (row) => [
        button(`again-${row.id}`, "Redeliver", () => act("Added to the outbox again.", () => call("POST", `/_mock/vinr/deliveries/${encodeURIComponent(row.id)}/redeliver`)), `Redeliver ${row.id}`),
        button(`twice-${row.id}`, "Duplicate", () => act("The event will be sent to every endpoint again.", () => call("POST", `/_mock/vinr/events/${encodeURIComponent(row.event)}/duplicate`, {})), `Duplicate the event of ${row.id}`),
      ]],
    ], deliveries.data) : el("p", {}, "Nothing has been sent, and nothing is due.")));
  }

  // Clock, faults, invariants, coverage

  async function loadClock() {
    const { at, mode } = await call("GET", "/_mock/clock");
    $("#now").textContent = at.replace("T", " ");
    $("#now").dateTime = at;
    $("#mode").textContent = { real: "runs", frozen: "frozen", stepping: "one step per request" }[mode] ?? mode;
  }

  const effect = (fault) => [
    fault.status !== null && `responds with ${fault.status}`, fault.drop && "drops the connection", fault.truncate !== null && `truncates the body after ${plural(fault.truncate, "byte")}`,
    fault.malformed && "sends invalid JSON", fault.breaks_document && "violates the document", fault.delay > 0 && `waits ${fault.delay} s`,
    fault.commit_after !== null && `loses the response and commits after ${fault.commit_after} s`,
    (fault.status !== null || fault.drop) && `${fault.when} the change`,
  ].filter(Boolean).join(", ");
  const which = (fault) => [
    fault.nth !== null ? `number ${fault.nth}${fault.times === null ? "" : " and after it"}` : fault.probability !== null ? `by chance, ${fault.probability}` : "all",
    fault.times !== null && `at most ${plural(fault.times, "time")}`,
  ].filter(Boolean).join(", ");

  async function loadFaults() {
    const { data } = await call("GET", "/_mock/faults");
    show($("#fault-list"), data, (rows) => (rows.length ? table(plural(rows.length, "fault"), [
      ["operation", ({ operation }) => code(operation)], ["what", effect], ["which", which], ["seen", ({ seen }) => String(seen), true], ["struck", ({ struck }) => String(struck), true],
      ["actions", ({ id }) => button(`fault-${id}`, "Remove", () => act("Removed.", () => call("DELETE", `/_mock/faults/${encodeURIComponent(id)}`)), `Remove ${id}`)],
    ], rows) : el("p", {}, "No faults are scheduled.")));
  }

  async function loadInvariants() {
    const found = await call("GET", "/_mock/invariants");
    const columns = [["system", ({ system }) => system], ["rule", ({ rule }) => rule.replaceAll("_", " ")], ["of", ({ subject }) => code(subject)], ["what", ({ text }) => free(text)]];
    show($("#invariant-list"), found, ({ holds, broken, allowed }) => [
      el("p", { class: `big ${holds ? "ok" : "no"}` }, holds ? "All invariants hold." : `${plural(broken.length, "invariant")} broken.`),
      el("p", { class: "mute" }, "Entries add up to balances, nothing was spent at or after its expiry, and no credit was spent twice."),
      broken.length ? table("Broken", columns, broken) : "",
      allowed.length ? table("Also broken by the real server", [...columns, ["why", (row) => row.allowed]], allowed) : "",
    ]);
  }

  async function loadCoverage() {
    let found = null;
    try { found = await call("GET", "/_mock/coverage"); } catch (error) { if (error.status !== 409) throw error; }
    $("#count").hidden = found !== null;
    $("#uncount").hidden = found === null;
    const seen = ({ seen: some, all: every, percent }, name) => [el("meter", { min: 0, max: 100, value: percent, "aria-label": name }), ` ${some} of ${every}`];
    show($("#coverage-report"), found, (report) => (report === null ? el("p", {}, "Coverage is not being counted.") : [
      el("p", { class: "big" }, `${report.total.percent.toFixed(2)} %`),
      el("p", { class: "mute" }, `of document ${report.document.version}: ${report.total.seen} of ${report.total.all} points.`),
      table("By kind", [["kind", ([name]) => name], ["seen", ([name, total]) => seen(total, name)]], Object.entries(report.kinds)),
      table("By operation", [
        ["operation", ([name]) => code(name)], ["seen", ([name, part]) => seen(part.total, name)],
        ["missing", ([name, part]) => {
          const missing = Object.entries(part).flatMap(([kind, { missing: names }]) => (Array.isArray(names) ? names.map((one) => `${kind}: ${one}`) : []));
          return missing.length ? el("details", {}, el("summary", { "data-key": `missing-${name}` }, String(missing.length)), el("ul", { class: "names" }, missing.map((one) => el("li", { class: "code" }, one)))) : "nothing";
        }],
      ], Object.entries(report.operations)),
    ]));
  }

  // Which view is shown, and what keeps it fresh

  const VIEWS = { exchanges: loadExchanges, credits: loadCredits, deliveries: loadDeliveries, clock: loadClock, faults: loadFaults, invariants: loadInvariants, coverage: loadCoverage };
  const place = () => {
    const [view, ...rest] = location.hash.slice(1).split("/");
    return Object.hasOwn(VIEWS, view) && !$(`nav a[href="#${view}"]`).parentElement.hidden ? [view, ...rest.map(decoded)] : ["exchanges"];
  };

  function trouble(error) {
    const bar = $("#trouble");
    bar.hidden = !error;
    if (error && bar.textContent !== error.message) bar.textContent = error.message;
    $("#state").className = error ? "no" : "ok";
    if (error) $("#state").textContent = error.status === 401 ? "Signed out" : "No response";
  }

  // `again` is a look nobody asked for: what was paused stands still, and books are not added up every few seconds.
  async function refresh(again = false) {
    const [view] = place();
    try {
      if (!again || !(view === "invariants" || (view === "exchanges" && record.paused))) await VIEWS[view]();
      const { mode, options, storage, exchanges, violations } = await call("GET", "/_mock/health");
      trouble(null);
      const set = Object.entries(options).map(([name, value]) => ` · ${name} ${value}`).join("");
      $("#state").textContent = `${mode}${set} · ${storage} · ${exchanges} stored, ${violations} with violations`;
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      trouble(error);
    }
  }

  async function go() {
    if (location.hash === "#main") return $("#main").focus();
    const [view, ...rest] = place();
    for (const section of all("main > section")) section.hidden = section.id !== `view-${view}`;
    for (const link of all("nav a")) link.toggleAttribute("aria-current", link.hash === `#${view}`);
    for (const link of all("nav a[aria-current]")) link.setAttribute("aria-current", "page");
    document.title = `${$(`#view-${view} h1`).textContent} · Mock inspector`;
    const moved = ledger.join() !== rest.join();
    if (view === "credits") ledger = rest;
    await refresh();
    if (view === "exchanges") await chooseExchange(rest[0]);
    if (view === "credits" && moved && rest.length && narrow()) $("#ledger").focus();
  }

  async function poll() {
    if (!document.hidden) await refresh(true);
    setTimeout(poll, place()[0] === "exchanges" ? POLL_MS : SLOW_POLL_MS);
  }

  // What can be pressed

  const on = (selector, event, work) => $(selector).addEventListener(event, work);
  const send = (selector, work) => on(selector, "submit", (event) => { event.preventDefault(); work(event.target.elements, event.target); });
  const press = (selector, done, work) => on(selector, "click", () => act(done, work));

  on("#exchange-list", "keydown", (event) => {
    const rows = all("#exchange-list a");
    const at = rows.indexOf(event.target.closest("a"));
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: rows.length - 1 }[event.key];
    if (at < 0 || to === undefined || !rows[to]) return;
    event.preventDefault();
    rows[at].setAttribute("tabindex", "-1");
    rows[to].setAttribute("tabindex", "0");
    rows[to].focus();
  });
  on("#filter", "input", showExchanges);
  on("#filter", "submit", (event) => event.preventDefault());
  on("#pause", "click", () => {
    record.paused = !record.paused;
    $("#pause").setAttribute("aria-pressed", String(record.paused));
  });
  press("#forget", "Cleared.", () => call("DELETE", "/_mock/exchanges"));
  send("#endpoint", async (form) => {
    const made = await act("Registered.", () => call("POST", "/_mock/vinr/webhook-endpoints", { url: form.url.value }));
    if (!made) return;
    $("#secret").hidden = false;
    $("#secret").replaceChildren("Deliveries are signed with ", code(made.secret), ". This secret is shown only once.");
    form.url.value = "";
  });
  on("#hold", "click", () => {
    const held = $("#hold").getAttribute("aria-pressed") !== "true";
    act(held ? "Deliveries are held back." : "Deliveries are being sent.", () => call("POST", "/_mock/vinr/deliveries/hold", { held }));
  });
  for (const one of all("[data-order]")) one.addEventListener("click", () => act("Order changed.", () => call("POST", "/_mock/vinr/deliveries/reorder", { order: one.dataset.order })));
  press("#freeze", "The clock is frozen.", () => call("POST", "/_mock/clock/freeze", {}));
  press("#resume", "The clock is running.", () => call("POST", "/_mock/clock/resume", {}));
  send("#freeze-at", (form) => act("The clock is frozen.", () => call("POST", "/_mock/clock/freeze", { at: `${form.at.value}${form.at.value.length === 16 ? ":00" : ""}Z` })));
  send("#advance", (form) => act("The clock was advanced.", () => call("POST", "/_mock/clock/advance", { seconds: Number(form.count.value) * Number(form.unit.value) })));
  press("#clear-faults", "All faults were removed.", () => call("DELETE", "/_mock/faults"));
  press("#check", "Checked.", () => undefined);
  press("#count", "Counting.", () => call("POST", "/_mock/coverage"));
  press("#uncount", "Counting was restarted.", () => call("DELETE", "/_mock/coverage"));

  function fitFault() {
    const form = $("#fault").elements;
    for (const field of all("#fault [data-for], #fault [data-which]")) {
      const wanted = field.dataset.for ? field.dataset.for.split(" ").includes(form.effect.value) : field.dataset.which === form.which.value;
      field.hidden = !wanted;
      // What is hidden must neither be sent nor stop the form.
      $("input, select", field).disabled = !wanted;
    }
  }
  on("#fault", "input", fitFault);
  send("#fault", (form) => {
    const kind = form.effect.value;
    const fault = { operation: form.operation.value, delay: Number(form.delay.value), when: ["status", "drop"].includes(kind) ? form.when.value : "before" };
    if (kind === "status" || kind === "truncate") fault[kind] = Number(form[kind].value);
    else if (kind !== "delay") fault[kind] = true;
    if (form.which.value !== "all") fault[form.which.value] = Number(form[form.which.value].value);
    if (form.times.value) fault.times = Number(form.times.value);
    return act("Scheduled.", () => call("POST", "/_mock/faults", fault));
  });

  async function start() {
    // The ticket is used; nobody need see it in the address, nor come back to it.
    if (location.search) history.replaceState(null, "", location.pathname + location.hash);
    fitFault();
    addEventListener("hashchange", go);
    try {
      const [{ paths }, operations] = await Promise.all([call("GET", "/_mock/openapi.json"), call("GET", "/_mock/operations")]);
      $("nav a[href='#coverage']").parentElement.hidden = !paths["/_mock/coverage"];
      played = played.filter((system) => paths[BOOKS[system].path]);
      $("nav a[href='#credits']").parentElement.hidden = !played.length;
      $("nav a[href='#deliveries']").parentElement.hidden = !paths["/_mock/vinr/deliveries"];
      for (const { id } of operations) {
        $("#filter select[name=operation]").append(el("option", { value: id }, id));
        $("#patterns").append(el("option", { value: id }));
      }
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
    }
    await go();
    poll();
  }
  start();
})();
