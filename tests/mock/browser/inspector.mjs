// Drives Chromium over the inspector of a served mock: one JSON line {name, problem} for each check. Started by
// tests/mock/test_inspector_browser.py with {chromium, arguments, packages, address, link, token, spree}.
import assert from "node:assert/strict";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { readFileSync } from "node:fs";

const settings = JSON.parse(process.argv[2]);
const packages = createRequire(settings.packages);
const { chromium } = packages("playwright-core");
const axe = readFileSync(packages.resolve("axe-core/axe.min.js"), "utf-8");
const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
const WIDE = { width: 1440, height: 900 };
const PHONE = { width: 390, height: 844 };
const EVIL = "<img src=x onerror=window.hacked=1>";
const PAGE = `${settings.address}/_mock/ui`;

const browser = await chromium.launch({ executablePath: settings.chromium, args: settings.arguments });
const complaints = [];

async function control(method, path, body) {
  const answer = await fetch(settings.address + path, { method, headers: { authorization: `Bearer ${settings.token}` }, body: body && JSON.stringify(body) });
  const text = await answer.text();
  assert.ok(answer.ok, `${path}: ${answer.status} ${text}`);
  return text ? JSON.parse(text) : null;
}

const ask = (method, path, body, headers = {}) => fetch(settings.address + path, {
  method, body: body && (typeof body === "string" ? body : JSON.stringify(body)),
  headers: { "x-api-key": "sk_test_1", ...(body ? { "content-type": "application/json" } : {}), ...headers },
});
const issue = async (amount) => (await ask("POST", "/v1/store-credit", { customer: "cust_8aZ2", amount, currency: "USD" })).json();

// A signed-in tab of a fresh profile.
async function open(view = "exchanges", { size = WIDE, dark = false } = {}) {
  const context = await browser.newContext({ viewport: size, colorScheme: dark ? "dark" : "light", reducedMotion: "reduce" });
  const tab = await context.newPage();
  tab.setDefaultTimeout(8000);
  tab.on("pageerror", (error) => complaints.push(String(error)));
  tab.on("console", (message) => { if (message.type() === "error" && !/Failed to load resource/.test(message.text())) complaints.push(message.text()); });
  tab.on("request", (request) => { if (!request.url().startsWith(PAGE.replace("/ui", "")) && !request.url().startsWith("data:")) complaints.push(`outside: ${request.url()}`); });
  const { path } = await control("POST", "/_mock/ui/tickets");
  await tab.goto(`${settings.address}${path}#${view}`);
  await tab.locator("#state.ok").waitFor();
  return tab;
}
const close = (tab) => tab.context().close();
const go = async (tab, view) => {
  await tab.goto(`${PAGE}#${view}`);
  await tab.locator(`#view-${view.split("/")[0]}`).waitFor();
};

// Chooses a line of the list, counted from the newest, and waits for what it stands for.
async function choose(tab, row) {
  const line = tab.locator("#exchange-list a").nth(row);
  const number = (await line.getAttribute("href")).split("/")[1];
  await line.click();
  await tab.getByRole("heading", { name: `Exchange ${number}`, exact: true }).waitFor();
}

async function axed(tab) {
  if (!(await tab.evaluate(() => "axe" in window))) await tab.evaluate(axe);
  const { violations } = await tab.evaluate((tags) => axe.run(document, { runOnly: tags, resultTypes: ["violations"] }), RULES);
  return violations.flatMap(({ id, nodes }) => nodes.slice(0, 3).map((node) => `${id}: ${node.html.slice(0, 160)} (${node.failureSummary})`));
}

// A page of another port of this machine: another origin, but to cookies the same site.
async function foreign(script) {
  const server = createServer((_, answer) => answer.writeHead(200, { "content-type": "text/html" }).end(`<!doctype html><title>foreign</title><script>${script}</script>`));
  await new Promise((ready) => server.listen(0, "127.0.0.1", ready));
  server.unref();
  return `http://127.0.0.1:${server.address().port}/`;
}

const until = async (what, holds) => {
  const end = Date.now() + 8000;
  while (!(await holds())) {
    assert.ok(Date.now() < end, what);
    await new Promise((next) => setTimeout(next, 20));
  }
};

const checks = {
  async the_printed_link_opens_once() {
    const context = await browser.newContext();
    const tab = await context.newPage();
    await tab.goto(settings.link);
    await tab.locator("#state.ok").waitFor();
    assert.equal(tab.url(), PAGE, "the ticket does not stay in the address");
    const [cookie] = await context.cookies();
    assert.deepEqual([cookie.httpOnly, cookie.sameSite, cookie.path, cookie.expires], [true, "Strict", "/_mock", -1]);
    assert.equal(await tab.evaluate(() => document.cookie), "");
    await tab.reload();
    await tab.locator("#state.ok").waitFor();
    await context.clearCookies();
    await tab.goto(settings.link);
    await tab.getByText("This link has already been used").waitFor();
    assert.match(await tab.locator("pre").textContent(), /\/_mock\/ui\/tickets$/);
    assert.deepEqual(await axed(tab), []);
    await context.close();
  },

  async exchanges_arrive_and_show_what_is_wrong_in_place() {
    await control("POST", "/_mock/reset");
    const tab = await open();
    await issue(1000);
    await ask("POST", "/v1/store-credit", '{"customer": "cust_8aZ2", "amount": 0, "currency": "USD", "deep": [{"number": 12345678901234567890, "number": 1.50}]}');
    await ask("POST", "/v1/store-credit", "customer=cust_8aZ2&amount=-5&currency=USD", { "content-type": "application/x-www-form-urlencoded" });
    await ask("GET", "/v1/store-credit?limit=1000");
    await tab.locator("#exchange-list a", { hasText: "limit=1000" }).waitFor();
    await choose(tab, 2);
    const line = tab.locator("#exchange pre .line.bad", { hasText: '"amount": 0' });
    assert.match(await line.locator(".rule").textContent(), /^minimum: .*\(openapi\.yaml:\d+\)$/);
    // An unknown member is marked too, and no number was rounded nor member lost.
    assert.ok(await tab.locator("#exchange pre .line.bad", { hasText: '"deep"' }).isVisible());
    assert.match(await tab.locator("#exchange pre").first().textContent(), /12345678901234567890.*"number": 1\.50/s);
    await tab.locator(".wrong button").first().click();
    assert.ok(await tab.evaluate(() => document.activeElement.classList.contains("rule")));
    await choose(tab, 1);
    assert.match(await tab.locator("#exchange tr.bad", { hasText: "amount" }).textContent(), /-5.*minimum/);
    await choose(tab, 0);
    assert.match(await tab.locator("#exchange tr.bad").textContent(), /limit1000maximum/);
    await close(tab);
  },

  async filters_narrow_the_list() {
    await control("POST", "/_mock/reset");
    const tab = await open();
    await issue(1000);
    await issue(0);
    await ask("GET", "/api/v2/platform/store_credits", null, { authorization: `Bearer ${settings.spree}` });
    const rows = tab.locator("#exchange-list a");
    await tab.locator("#exchange-list a", { hasText: "spree.store_credits.list" }).waitFor();
    await tab.getByLabel("System").selectOption("spree");
    await until("those of Spree", async () => (await rows.count()) === 1);
    await tab.getByLabel("System").selectOption("");
    await tab.locator("#filter [name=operation]").selectOption("vinr.store_credit.create");
    await until("the two creations", async () => (await rows.count()) === 2);
    await tab.getByLabel("Only violations of the OpenAPI document").check();
    await until("the one that broke it", async () => (await rows.count()) === 1);
    await tab.getByRole("button", { name: "Pause" }).click();
    await tab.getByRole("button", { name: "Clear all" }).click();
    await tab.getByText("The mock has not received any requests yet.").waitFor();
    assert.equal((await control("GET", "/_mock/exchanges")).total, 0);
    await close(tab);
  },

  async nothing_that_came_becomes_markup() {
    await control("POST", "/_mock/reset");
    const tab = await open();
    await ask("POST", "/v1/store-credit", { customer: EVIL, amount: 1, currency: EVIL, [EVIL]: EVIL }, { "x-evil": EVIL });
    await ask("GET", `/v1/store-credit/${encodeURIComponent(EVIL)}?${encodeURIComponent(EVIL)}=${encodeURIComponent(EVIL)}`);
    await ask("PUT", `/nowhere/${encodeURIComponent(EVIL)}`, EVIL, { "content-type": "text/html" });
    await control("POST", "/_mock/vinr/customers", { id: EVIL });
    await ask("POST", "/v1/store-credit", { customer: EVIL, amount: 7, currency: "USD" });
    const { id } = await control("POST", "/_mock/spree/users", { email: "evil@example.com" });
    const memo = { store_credit: { amount: "25.5", currency: "USD", user_id: String(id), category_id: "1", created_by_id: "1", memo: EVIL } };
    assert.equal((await ask("POST", "/api/v2/platform/store_credits", memo, { authorization: `Bearer ${settings.spree}` })).status, 201);
    await control("POST", "/_mock/vinr/webhook-endpoints", { url: `http://127.0.0.1:9/${EVIL}` });
    // A pattern has to fit an operation; this one does, and strikes nothing here.
    await control("POST", "/_mock/faults", { operation: `[${EVIL}v]inr.*`, id: EVIL, drop: true, nth: 1e6 });
    const rows = tab.locator("#exchange-list a");
    await until("all came", async () => (await rows.count()) === 5);
    for (let row = 0; row < 5; row++) {
      await choose(tab, row);
      await tab.evaluate(() => document.querySelectorAll("#exchange details").forEach((one) => (one.open = true)));
      assert.ok((await tab.locator("#exchange").textContent()).includes(EVIL), `exchange in row ${row}`);
    }
    for (const view of ["credits", "deliveries", "faults", `credits/vinr/${encodeURIComponent(EVIL)}`, `exchanges/${encodeURIComponent(EVIL)}`]) {
      await go(tab, view);
      await tab.locator("#main", { hasText: view.startsWith("exchanges") ? "is not a valid number" : EVIL }).waitFor();
      assert.equal(await tab.locator("img, script:not([src])").count(), 0, view);
    }
    assert.equal(await tab.evaluate(() => window.hacked), undefined);
    // Were there a way, the browser would still refuse it.
    assert.equal(await tab.evaluate((text) => { try { document.body.innerHTML = text; return "set"; } catch (error) { return error.name; } }, EVIL), "TypeError");
    complaints.length = 0;
    await control("DELETE", "/_mock/faults");
    await close(tab);
  },

  async credits_show_their_ledger() {
    await control("POST", "/_mock/reset");
    const { id } = await issue(1000);
    await control("POST", "/_mock/vinr/purchases", { customer: "cust_8aZ2", amount: 400, currency: "USD" });
    const { id: user } = await control("POST", "/_mock/spree/users", { email: "buyer@example.com" });
    const body = { store_credit: { amount: "0.05", currency: "USD", user_id: String(user), category_id: "1", created_by_id: "1" } };
    assert.equal((await ask("POST", "/api/v2/platform/store_credits", body, { authorization: `Bearer ${settings.spree}` })).status, 201);
    const tab = await open("credits");
    await tab.getByRole("link", { name: id }).click();
    const entries = tab.locator("#ledger tbody tr");
    await tab.getByText("2 movements").waitFor();
    assert.match(await entries.nth(0).textContent(), /issue.*outside.*remaining.*1000 USD/);
    assert.match(await entries.nth(1).textContent(), /spend.*remaining.*spent.*400 USD/);
    await tab.locator("#spree-credits").getByRole("link").click();
    await tab.getByText("1 movement", { exact: true }).waitFor();
    assert.match(await entries.textContent(), /allocation.*0\.05 USD/);
    await close(tab);
  },

  async deliveries_are_held_reordered_and_sent_again() {
    await control("POST", "/_mock/reset");
    const tab = await open("deliveries");
    await tab.getByRole("button", { name: "Hold deliveries back" }).click();
    await tab.locator("#hold[aria-pressed=true]").waitFor();
    await tab.getByLabel("URL").fill("http://127.0.0.1:9/hook");
    await tab.getByRole("button", { name: "Register" }).click();
    await tab.getByText("are signed with whsec_").waitFor();
    await issue(1);
    await issue(2);
    // Pressing something shows at once what the next look of the page would show a little later.
    await tab.getByRole("button", { name: "Oldest first" }).click();
    const rows = tab.locator("#outbox tbody tr");
    await until("two are due", async () => (await rows.count()) === 2);
    const ids = async () => (await control("GET", "/_mock/vinr/deliveries")).data.map(({ id }) => id);
    const before = await ids();
    await tab.getByRole("button", { name: "Newest first" }).click();
    await until("reordered", async () => String(await ids()) === String(before.toReversed()));
    await tab.getByRole("button", { name: "Redeliver" }).first().click();
    await until("once more", async () => (await rows.count()) === 3);
    await tab.getByRole("button", { name: "Duplicate" }).first().click();
    await until("twice", async () => (await rows.count()) === 4);
    await rows.first().locator("summary").click();
    assert.match(await rows.first().locator("pre").textContent(), /"store_credit\.created"/);
    await tab.getByRole("button", { name: "Remove http://127.0.0.1:9/hook" }).click();
    await tab.getByText("No endpoints are registered").waitFor();
    await close(tab);
  },

  async the_clock_stands_and_goes_ahead() {
    const tab = await open("clock");
    await tab.getByLabel("Freeze at (UTC)").fill("2026-12-01T10:00:00");
    await tab.getByRole("button", { name: "Freeze at this time" }).click();
    await tab.getByText("2026-12-01 10:00:00.000Z").waitFor();
    await tab.getByLabel("Advance by").fill("1.5");
    await tab.getByRole("button", { name: "Advance", exact: true }).click();
    await tab.getByText("2026-12-02 22:00:00.000Z").waitFor();
    assert.deepEqual(await control("GET", "/_mock/clock"), { now: Date.UTC(2026, 11, 2, 22), at: "2026-12-02T22:00:00.000Z", mode: "frozen" });
    await tab.getByRole("button", { name: "Resume" }).click();
    await tab.locator("#mode", { hasText: "runs" }).waitFor();
    await close(tab);
  },

  async faults_are_planned_and_removed() {
    await control("POST", "/_mock/reset");
    const tab = await open("faults");
    await tab.getByLabel("Operation, or a pattern").fill("vinr.*.create");
    await tab.getByLabel("What happens").selectOption("drop");
    assert.ok(!(await tab.getByLabel("Status", { exact: true }).isVisible()));
    await tab.getByLabel("When").selectOption("after");
    await tab.getByLabel("Which requests").selectOption("nth");
    await tab.getByLabel("n", { exact: true }).fill("2");
    await tab.getByRole("button", { name: "Schedule" }).click();
    await tab.getByText("drops the connection, after the change").waitFor();
    const [fault] = (await control("GET", "/_mock/faults")).data;
    assert.deepEqual([fault.operation, fault.drop, fault.when, fault.nth, fault.status, fault.delay], ["vinr.*.create", true, "after", 2, null, 0]);
    await tab.getByRole("button", { name: `Remove ${fault.id}` }).click();
    await tab.getByText("No faults are scheduled.").waitFor();
    // What the control plane refuses is said, not swallowed.
    await tab.getByLabel("What happens").selectOption("delay");
    await tab.getByRole("button", { name: "Schedule" }).click();
    await tab.locator("#said.no", { hasText: "a fault must do something" }).waitFor();
    await go(tab, "invariants");
    await tab.getByText("All invariants hold.").waitFor();
    await close(tab);
  },

  async coverage_is_shown_where_it_is_counted() {
    const tab = await open();
    const { paths } = await control("GET", "/_mock/openapi.json");
    assert.equal(await tab.getByRole("link", { name: "Coverage" }).isVisible(), Boolean(paths["/_mock/coverage"]));
    await tab.route("**/_mock/openapi.json", (route) => route.fulfill({ json: { paths: { "/_mock/coverage": {} } } }));
    const total = { seen: 1, all: 4, percent: 25 };
    const part = { seen: ["201"], missing: ["400", "401"] };
    await tab.route("**/_mock/coverage", (route) => route.fulfill({ json: { document: { version: "0.1.0" }, total, kinds: { statuses: total }, operations: { "vinr.store_credit.create": { total, statuses: part } } } }));
    await tab.reload();
    await tab.getByRole("link", { name: "Coverage" }).click();
    await tab.getByText("25.00 %").waitFor();
    await tab.locator("#coverage-report summary").click();
    assert.deepEqual(await tab.locator("#coverage-report li").allTextContents(), ["statuses: 400", "statuses: 401"]);
    assert.deepEqual(await axed(tab), []);
    await close(tab);
  },

  async a_mock_that_went_away_is_told() {
    const tab = await open();
    await tab.route("**/_mock/exchanges/brief?*", (route) => route.abort());
    await tab.getByRole("alert").filter({ hasText: "is not responding" }).waitFor();
    await tab.unroute("**/_mock/exchanges/brief?*");
    await tab.locator("#state.ok").waitFor();
    assert.ok(!(await tab.getByRole("alert").isVisible()));
    await tab.context().clearCookies();
    await tab.getByRole("alert").filter({ hasText: "Open the link that the mock printed" }).waitFor();
    await close(tab);
  },

  async the_keyboard_is_enough() {
    await control("POST", "/_mock/reset");
    for (let amount = 1; amount < 4; amount++) await issue(amount);
    const tab = await open();
    await tab.locator("#exchange-list li").nth(2).waitFor();
    const focused = (what) => tab.evaluate(what);
    await tab.keyboard.press("Tab");
    assert.ok(await focused(() => document.activeElement.matches(".skip")));
    const seen = [];
    for (let presses = 0; presses < 40 && !seen.at(-1)?.includes("exchanges/3"); presses++) {
      await tab.keyboard.press("Tab");
      const [name, ring] = await focused(() => {
        const { outlineStyle, outlineWidth } = getComputedStyle(document.activeElement);
        return [document.activeElement.outerHTML.slice(0, 120), outlineStyle !== "none" && parseFloat(outlineWidth) >= 2];
      });
      assert.ok(ring, `no focus ring on ${name}`);
      seen.push(name);
    }
    assert.ok(seen.length > 10 && seen.length < 20, `the list is one stop, after ${seen.length} others`);
    await tab.keyboard.press("ArrowDown");
    await tab.keyboard.press("ArrowDown");
    // Something new arrives meanwhile, and does not take the focus away.
    await issue(4);
    await tab.locator("#exchange-list li").nth(3).waitFor();
    await tab.keyboard.press("Enter");
    await tab.getByRole("heading", { name: "Exchange 1", exact: true }).waitFor();
    await go(tab, "clock");
    await tab.locator("#freeze").focus();
    await tab.keyboard.press("Enter");
    await tab.locator("#mode", { hasText: "frozen" }).waitFor();
    await close(tab);
  },

  async a_phone_shows_all_of_it() {
    await control("POST", "/_mock/reset");
    await ask("POST", "/v1/store-credit", { customer: "x".repeat(300), amount: 0, currency: "USD" }, { "x-long": "y".repeat(300) });
    await issue(5);
    await control("POST", "/_mock/vinr/webhook-endpoints", { url: `http://127.0.0.1:9/${"z".repeat(200)}` });
    await issue(6);
    const tab = await open("exchanges", { size: PHONE });
    for (const view of ["exchanges", "exchanges/1", "credits", `credits/vinr/${(await issue(7)).id}`, "deliveries", "clock", "faults", "invariants"]) {
      await go(tab, view);
      await tab.waitForLoadState("networkidle", { timeout: 200 }).catch(() => undefined);
      await tab.evaluate(() => document.querySelectorAll("details").forEach((one) => (one.open = true)));
      assert.equal(await tab.evaluate(() => document.documentElement.scrollWidth), PHONE.width, `${view} scrolls sideways`);
      const small = await tab.evaluate(() => [...document.querySelectorAll("a, button, input, select, summary")].filter((one) => one.checkVisibility()).map((one) => [one.outerHTML.slice(0, 80), one.getBoundingClientRect()]).filter(([, { height }]) => height > 0 && height < 18).map(([text]) => text));
      assert.deepEqual(small, []);
    }
    await go(tab, "exchanges");
    await tab.locator("#exchange-list a").last().click();
    await tab.getByRole("heading", { name: "Exchange 1", exact: true }).waitFor();
    assert.ok(!(await tab.locator("#exchange-list").isVisible()), "the exchange stands in place of the list");
    await tab.getByRole("link", { name: "Back to the list" }).first().click();
    await tab.locator("#exchange-list a:focus").waitFor();
    await close(tab);
  },

  async long_texts_of_a_violation_are_not_cut() {
    await control("POST", "/_mock/reset");
    const tab = await open("exchanges", { size: PHONE });
    await ask("POST", "/v1/store-credit", { customer: "cust_8aZ2", amount: 1, currency: "USD", ["a".repeat(3000)]: 1 });
    await tab.locator("#exchange-list a").first().click();
    const said = tab.locator(".wrong button").first();
    await said.waitFor();
    const { needed, has } = await said.evaluate((one) => ({ needed: one.scrollWidth, has: one.clientWidth }));
    assert.ok(needed <= has, `${needed} pixels of text in ${has}`);
    await close(tab);
  },

  async a_body_of_brackets_is_shown_as_it_came() {
    await control("POST", "/_mock/reset");
    const tab = await open();
    const body = "[".repeat(30_000) + "]".repeat(30_000);
    await ask("POST", "/v1/store-credit", body);
    await choose(tab, 0);
    assert.equal(await tab.locator("#exchange pre").first().textContent(), body);
    await close(tab);
  },

  async an_address_that_names_no_view_shows_the_exchanges() {
    const tab = await open();
    for (const name of ["constructor", "__proto__", "nothing"]) {
      await go(tab, "clock");
      await tab.goto(`${PAGE}#${name}`);
      await tab.locator("#view-exchanges").waitFor();
    }
    await close(tab);
  },

  async pages_of_other_origins_can_do_nothing() {
    await control("POST", "/_mock/reset");
    const { id } = await issue(500);
    const script = `
      const shot = (path, more) => fetch("${settings.address}" + path, { credentials: "include", mode: "no-cors", ...more }).catch(() => 0);
      Promise.all([
        shot("/_mock/reset", { method: "POST" }), shot("/_mock/clock/freeze", { method: "POST", body: "{}" }), shot("/_mock/exchanges"), shot("/_mock/ui/tickets", { method: "POST" }),
        shot("/v1/store-credit", { method: "POST", body: new URLSearchParams({ customer: "cust_8aZ2", amount: 1, currency: "USD" }) }),
        fetch("${settings.address}/_mock/exchanges", { credentials: "include" }).then((answer) => answer.text()).then((text) => { document.title = "read " + text; }).catch(() => 0),
      ]).then(() => { document.body.dataset.done = "1"; });`;
    const address = await foreign(script);
    const tab = await open();
    const other = await tab.context().newPage();
    const refused = [];
    other.on("response", (answer) => { if (answer.url().startsWith(settings.address)) refused.push(answer.status()); });
    await other.goto(address);
    await other.locator("body[data-done]").waitFor({ state: "attached" });
    assert.equal(await other.title(), "foreign", "nothing could be read");
    assert.ok(refused.length >= 5 && refused.every((status) => status === 403), `each was refused, though the cookie was sent along: ${refused}`);
    assert.equal((await control("GET", "/_mock/clock")).mode, "real");
    assert.deepEqual((await control("GET", "/_mock/vinr/store-credit")).map((credit) => credit.id), [id]);
    // A name that somebody points at this machine (DNS rebinding) leads nowhere either.
    const port = new URL(settings.address).port;
    for (const path of ["/v1/store-credit", "/_mock/health", "/_mock/ui"]) {
      const answer = await other.goto(`http://rebound.test:${port}${path}`);
      assert.equal(answer.status(), 403, path);
      assert.match(await answer.text(), /--allow-host/);
    }
    await close(tab);
  },

  async axe_finds_nothing() {
    await control("POST", "/_mock/reset");
    await ask("POST", "/v1/store-credit", { customer: "cust_8aZ2", amount: 0, currency: "USD" });
    await control("POST", "/_mock/vinr/webhook-endpoints", { url: "http://127.0.0.1:9/" });
    const { id } = await issue(5);
    await control("POST", "/_mock/faults", { operation: "spree.*", status: 503 });
    const found = [];
    const views = ["exchanges", "exchanges/1", `credits/vinr/${id}`, "deliveries", "clock", "faults", "invariants"];
    // Colours follow the theme and places the width, so that each is looked at whole once.
    for (const [options, looked] of [[{}, views], [{ size: PHONE, dark: true }, views], [{ dark: true }, views.slice(1, 2)], [{ size: PHONE }, views.slice(0, 2)]]) {
      const tab = await open("exchanges", options);
      for (const view of looked) {
        await go(tab, view);
        await tab.locator(`#view-${view.split("/")[0]} :is(li, td, time, .big)`).first().waitFor({ state: "attached" });
        await tab.evaluate(() => document.querySelectorAll("details").forEach((one) => (one.open = true)));
        found.push(...(await axed(tab)).map((text) => `${view} ${JSON.stringify(options)}: ${text}`));
      }
      await close(tab);
    }
    await control("DELETE", "/_mock/faults");
    assert.deepEqual(found, []);
  },

  // The last: it sums up all that was loaded before.
  async nothing_was_loaded_from_outside_and_no_script_failed() {
    assert.deepEqual(complaints, []);
  },
};

for (const [name, check] of Object.entries(checks)) {
  let problem = null;
  const started = Date.now();
  try {
    await check();
  } catch (error) {
    problem = String(error.stack ?? error).slice(0, 4000);
    for (const context of browser.contexts()) await context.close();
  }
  process.stdout.write(`${JSON.stringify({ name, problem, milliseconds: Date.now() - started })}\n`);
}
await browser.close();
