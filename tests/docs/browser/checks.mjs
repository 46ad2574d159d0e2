// Drives Chromium over the site: one JSON line {name, problems} for each check. Started by tests/docs/test_browser.py with
// {chromium, arguments, folder, address, pages}: the browser, the site as files, the site beside a mock, every page.
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { chromium } from "playwright-core";

const settings = JSON.parse(process.argv[2]);
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf-8");
const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
const WIDE = { width: 1440, height: 900 };
const SMALL = { width: 320, height: 640 };
const PHONE = { width: 390, height: 844 };
const FILES = pathToFileURL(`${settings.folder}/`).href;
const PATIENCE = 150_000;
const RESOURCE = "vinr-store-credit.html";
const LONGEST = "spree-store-credits.html";

const browser = await chromium.launch({ executablePath: settings.chromium, args: settings.arguments });
const outside = [];

// A fresh profile; every request is looked at.
async function visit(page, { address = FILES, size = WIDE, dark = false, script = true, bare = false } = {}) {
  const context = await browser.newContext({
    viewport: size,
    colorScheme: dark ? "dark" : "light",
    javaScriptEnabled: script,
    reducedMotion: "reduce",
    permissions: address === FILES ? [] : ["clipboard-read", "clipboard-write"],
  });
  const tab = await context.newPage();
  tab.setDefaultTimeout(10_000);
  tab.on("request", (request) => {
    const { protocol, hostname } = new URL(request.url());
    if (!["file:", "data:"].includes(protocol) && hostname !== "127.0.0.1") outside.push(request.url());
  });
  tab.on("pageerror", (error) => outside.push(`${page}: ${error}`));
  if (bare) await tab.route("**/*.js", (route) => route.abort());
  await tab.goto(address + page);
  return tab;
}

const close = (tab) => tab.context().close();

async function complaints(tab) {
  await tab.evaluate(axe);
  // What can be scrolled takes the focus from the second frame on, when its size is known.
  await tab.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
  const { violations } = await tab.evaluate((tags) => axe.run(document, { runOnly: tags, resultTypes: ["violations"] }), RULES);
  return violations.flatMap(({ id, nodes }) => nodes.slice(0, 3).map((node) => `${id}: ${node.html.slice(0, 160)} (${node.failureSummary})`));
}

const accessible = (options, pages = [RESOURCE], { open = true } = {}) => async () => {
  const tab = await visit(pages[0], options);
  const found = [];
  for (const page of pages) {
    await tab.goto(FILES + page);
    if (open) await tab.evaluate(() => document.querySelectorAll("details").forEach((one) => (one.open = true)));
    found.push(...(await complaints(tab)).map((text) => `${page}: ${text}`));
  }
  await close(tab);
  assert.deepEqual(found, []);
};

// All pages at once take longer than one check may on a slow machine.
const quarter = (which) => settings.pages.filter((_, number) => number % 4 === which);

const box = async (tab, selector) => (await tab.locator(selector).first().boundingBox()) ?? assert.fail(`${selector} is not shown`);

const checks = {
  async three_columns_on_a_wide_screen() {
    const tab = await visit(RESOURCE);
    const [lead, operations] = [await box(tab, ".lead"), await box(tab, ".ops")];
    assert.ok(lead.x + lead.width <= operations.x && operations.y < lead.y + lead.height, "operations beside the introduction");
    const [nav, text, samples] = [await box(tab, "nav"), await box(tab, ".op .t"), await box(tab, ".op .x")];
    assert.ok(nav.x + nav.width <= text.x, "navigation stands left of the text");
    assert.ok(text.x + text.width <= samples.x, "samples stand right of the text");
    assert.ok(Math.abs(text.y - samples.y) < 40, "beside each other");
    await tab.evaluate(() => document.getElementById("create.body").scrollIntoView());
    const later = await box(tab, ".op .x");
    assert.ok(later.y >= 0 && later.y < 200, "samples stay in sight while the text scrolls");
    await close(tab);
  },

  async one_column_on_a_phone() {
    const tab = await visit(RESOURCE, { size: SMALL });
    for (const page of settings.pages) {
      await tab.goto(FILES + page);
      assert.equal(await tab.evaluate(() => document.documentElement.scrollWidth), SMALL.width, `${page} scrolls sideways`);
    }
    assert.ok((await box(tab, "#q")).width >= 200, "there is room to type");
    await tab.setViewportSize(PHONE);
    await tab.goto(FILES + RESOURCE);
    assert.ok((await box(tab, "#q")).width >= 200);
    assert.ok((await box(tab, ".ops")).y >= (await box(tab, ".tools")).y, "operations below the introduction");
    const parts = [await box(tab, ".op .t"), await box(tab, ".op .t + .x"), await box(tab, ".op .x + .t"), await box(tab, ".op .x + .t + .t")];
    parts.reduce((above, below) => (assert.ok(below.y >= above.y + above.height, "description, samples, parameters, responses"), below));
    // The row with the search stays in sight, the title above it does not.
    await tab.evaluate(() => scrollTo(0, 2000));
    assert.ok((await box(tab, "#q")).y >= 0 && (await box(tab, ".home")).y < 0);
    await tab.evaluate(() => scrollTo(0, 0));
    assert.equal(await tab.locator(".errs[open]").count(), 0, "errors are folded");
    assert.ok(!(await tab.locator("nav").isVisible()), "the navigation is folded");
    await tab.locator(".menu > summary").click();
    assert.ok(await tab.locator("nav").isVisible());
    await close(tab);
  },

  async a_group_of_the_menu_can_be_unfolded_whole() {
    for (const script of [true, false]) {
      const tab = await visit(RESOURCE, { script });
      const group = tab.locator("nav details", { hasText: "Recipes" });
      await group.locator("summary").click();
      const more = group.getByRole("link", { name: /^and \d+ more$/ });
      const before = await group.locator("li").count();
      const left = Number(/\d+/.exec(await more.textContent())[0]);
      await more.click();
      if (script) {
        await group.getByRole("link", { name: "Take a credit back" }).waitFor();
        assert.equal(await group.locator("li").count(), before - 1 + left);
        assert.equal(await group.locator("a:focus").count(), 1);
        assert.ok(tab.url().endsWith(RESOURCE), "the page stays");
      } else assert.match(tab.url(), /recipe-\w+\.html$/);
      await close(tab);
    }
  },

  async the_menu_of_a_phone_stays_in_sight() {
    const tab = await visit(LONGEST, { size: PHONE });
    const menu = tab.locator(".menu > summary");
    await tab.evaluate(() => scrollTo(0, 3000));
    const search = await box(tab, "#q");
    assert.ok((await menu.boundingBox()).y >= search.y + search.height, "below the search");
    assert.ok((await menu.boundingBox()).y < 150);
    const text = () => tab.evaluate(() => document.querySelector(".op").getBoundingClientRect().top);
    const before = await text();
    // By the mouse alone: a locator's click scrolls what is sticky.
    const { x, y } = await menu.boundingBox();
    const press = () => tab.mouse.click(x + 20, y + 10);
    await press();
    assert.equal(await text(), before, "it lies over the text, which does not move");
    assert.deepEqual(await complaints(tab), []);
    await tab.keyboard.press("Escape");
    assert.ok(!(await tab.locator("nav").isVisible()));
    await press();
    await tab.locator("nav a[href^='#']").last().click();
    assert.ok(!(await tab.locator("nav").isVisible()), "closed by a choice");
    const target = await tab.evaluate(() => document.getElementById(decodeURIComponent(location.hash.slice(1))).getBoundingClientRect().top);
    const bar = await box(tab, ".menu");
    assert.ok(target >= bar.y + bar.height, `the heading (${target}) is not behind the bar`);
    await close(tab);
  },

  async a_version_can_be_chosen() {
    const tab = await visit("spree-v3-admin-customers-store-credits.html");
    const select = tab.getByLabel("Version");
    const marks = (phrase) => tab.locator("dt > b", { hasText: phrase });
    assert.deepEqual(await select.locator("option").allTextContents(), ["All Spree versions", "Spree 5.5", "Spree 5.6", "Spree 6.0-alpha", "Spree 6.0-alpha+ledger", "Spree 6.0"]);
    const shown = async (phrase) => Promise.all((await marks(phrase).all()).map((one) => one.evaluate((mark) => !mark.parentElement.hidden && !mark.parentElement.nextElementSibling.hidden)));
    assert.ok((await shown("until 5.6")).every(Boolean) && (await shown("since 6.0-alpha+ledger")).every(Boolean));
    const amount = tab.locator('[id="create.amount"]');
    assert.match(await amount.innerText(), /^amount string \(decimal\) or number until 6\.0-alpha\+ledger required/);
    const create = tab.locator('[id="spree_v3.admin.customers.store_credits.create"]');
    const response = create.locator(".rs > div.ex");
    const request = create.locator('.sm [data-lang="curl"]');
    const before = [await response.innerText(), await request.innerText()];
    assert.match(before[0], /"amount": "25\.0",[^]*"cus_/);
    await tab.waitForFunction(() => window.moreSamples);
    await select.selectOption("6.0");
    await response.getByText("Spree 6.0, from the mock").waitFor();
    assert.match(await response.innerText(), /"amount": "25\.00",[^]*"cust_/);
    assert.doesNotMatch(await response.innerText(), /category|"cus_/);
    // The request names the same customer, in each language.
    for (const text of await create.locator(".sm pre").allTextContents()) assert.ok(text.includes("cust_AXs1igzRC6") && !text.includes("cus_AXs1igzRC6"), text);
    // A second choice begins from what the page has, and so does the choice of none.
    await select.selectOption("5.6");
    await response.getByText("Spree 5.6, from the mock").waitFor();
    assert.match(await response.innerText(), /"amount": "25\.0",[^]*"cus_/);
    await tab.waitForFunction(() => /^[1-9]\d* attributes, [1-9]\d* parameters and [1-9]\d* responses that Spree 5\.6 lacks are hidden$/.test(document.querySelector(".tools [role=status]").textContent));
    await select.selectOption("");
    await response.getByText("from the mock").waitFor({ state: "detached" });
    assert.deepEqual([await response.innerText(), await request.innerText()], before);
    await select.selectOption("6.0");
    assert.ok((await shown("until 5.6")).length > 0 && !(await shown("until 5.6")).some(Boolean));
    assert.ok((await shown("since 6.0-alpha+ledger")).every(Boolean));
    assert.match(await amount.innerText(), /^amount string \(decimal\) required/, "6.0 takes no number");
    await tab.waitForFunction(() => /^[1-9]\d* attributes that Spree 6\.0 lacks are hidden$/.test(document.querySelector(".tools [role=status]").textContent));
    // Each section says what is hidden in it, so that a link into the page leads to it.
    const notes = await tab.locator(".gone:visible").allTextContents();
    assert.ok(notes.includes("1 attribute that Spree 6.0 lacks is hidden."), notes.join());
    const object = tab.locator("#SpreeV3StoreCredit .x");
    assert.match(await object.innerText(), /Spree 6\.0[^]*"25\.00"/);
    assert.doesNotMatch(await object.innerText(), /Spree 5\.6|"25\.0"/);
    assert.deepEqual(await complaints(tab), []);
    // The choice is remembered; a link to something hidden shows it.
    const anchor = await marks("until 5.6").first().evaluate((mark) => mark.parentElement.id);
    await tab.goto(`${FILES}spree-v3-admin-store-credits.html`);
    assert.equal(await tab.getByLabel("Version").inputValue(), "6.0");
    const first = tab.locator(".rs > div.ex").first();
    await first.getByText("Spree 6.0, from the mock").waitFor();
    assert.match(await first.innerText(), /"25\.00"/);
    // Of an older copy of the site the samples of the versions are missing: it is said that those shown stay.
    await tab.route("**/*.versions.js", (route) => route.abort());
    await tab.goto(`${FILES}spree-v3-admin-customers.html`);
    await tab.locator(".tools [role=status]").getByText("are hidden, but not in the sample responses").waitFor();
    await tab.goto(`${FILES}spree-v3-admin-customers-store-credits.html#${anchor}`);
    await tab.waitForFunction(() => document.querySelector("header select").value === "");
    assert.ok((await shown("until 5.6")).every(Boolean));
    await tab.goto(FILES + RESOURCE);
    assert.equal(await tab.getByLabel("Version").count(), 0, "there is nothing to choose");
    await close(tab);
  },

  async what_a_version_lacks_is_marked_and_the_choice_stays_in_sight() {
    const tab = await visit("spree-v3-admin-store-credits.html", { dark: true });
    const select = tab.getByLabel("Spree version");
    const marked = () => tab.locator("nav a.lacks").allTextContents();
    await select.selectOption("6.0");
    assert.deepEqual(await marked(), ["Store credit categories not in 6.0"]);
    await select.selectOption("5.5");
    assert.deepEqual(await marked(), ["All store credits not in 5.5", "GET Get a store credit not in 5.5", "GET List the store credits of all customers not in 5.5", "Events of a store credit not in 5.5"]);
    assert.equal(await tab.locator(".ops a.lacks").count(), 2);
    assert.match(await tab.locator('[id="spree_v3.admin.store_credits.list"] .t').first().innerText(), /store_credits[^]*Not in Spree 5\.5, the version you chose/);
    assert.equal(await tab.locator(".tools [role=status]").textContent(), "Spree 5.5 has none of these operations");
    assert.equal(await tab.locator("dt[hidden]").count(), 0, "nothing is hidden inside of what is lacking as a whole");
    assert.deepEqual(await complaints(tab), []);
    await select.selectOption("6.0-alpha+ledger");
    for (const size of [WIDE, { width: 1024, height: 768 }, { width: 640, height: 800 }, PHONE, SMALL]) {
      await tab.setViewportSize(size);
      await tab.evaluate(() => document.getElementById("list-the-store-credits-of-all-customers").scrollIntoView());
      const [{ x, y, width, height }, search] = [await box(tab, "header select"), await box(tab, ".search")];
      assert.ok(x >= search.x + search.width && x + width <= size.width && y >= 0 && y + height <= 60, `beside the search, far down the page, at ${size.width}`);
      assert.equal(await tab.evaluate(() => document.documentElement.scrollWidth), size.width);
    }
    await tab.setViewportSize(PHONE);
    await tab.evaluate(() => scrollTo(0, 0));
    assert.deepEqual(await complaints(tab), []);
    await select.selectOption("");
    assert.equal(await tab.locator(".gone, .lacks").count(), 0);
    // A page of another system has nothing to choose, and marks nothing.
    await select.selectOption("6.0");
    await tab.goto(FILES + RESOURCE);
    await tab.locator("[role=tab]").first().waitFor();
    assert.equal(await tab.locator("header select, .lacks").count(), 0);
    await close(tab);
  },

  async try_it_sends_to_the_chosen_version() {
    const tab = await visit("spree-v3-admin-customers-store-credits.html", { address: settings.address });
    const create = tab.locator('[id="spree_v3.admin.customers.store_credits.create"]');
    const chosen = (version) => tab.getByLabel("Spree version").selectOption(version);
    const send = async (section, status) => {
      await section.getByRole("button", { name: /^Send/ }).click();
      await section.locator(".try [aria-live]").getByText(`Response ${status}`).first().waitFor();
      return section.locator(".try [aria-live]").innerText();
    };
    const title = create.locator(".try > summary");
    await title.click();
    await title.getByText("Try it on the mock of Spree 5.6").waitFor();
    assert.match(await send(create, 201), /conform to openapi\.yaml[^]*"25\.0",/);
    await chosen("6.0");
    await title.getByText("Try it on the mock of Spree 6.0").waitFor();
    assert.equal(await create.locator(".try pre").count(), 0, "what another version responded goes");
    assert.equal(await create.getByLabel("customer_id").inputValue(), "cust_AXs1igzRC6");
    assert.match(await send(create, 201), /conform to openapi\.yaml[^]*"25\.00",/);
    // The command has the address of that version's mock.
    await create.locator(".try").getByRole("button", { name: "Copy as curl" }).click();
    await create.getByText("Copied").first().waitFor();
    const [, url, key, body] = /^curl -X POST '([^']+)' -H 'X-Spree-Api-Key: ([^']+)' .* -d '([^']+)'$/s.exec(await tab.evaluate(() => navigator.clipboard.readText()));
    const response = await fetch(url, { method: "POST", headers: { "X-Spree-Api-Key": key, "Content-Type": "application/json" }, body });
    assert.deepEqual([response.status, (await response.json()).amount], [201, "25.00"]);
    // What was typed stays, and a verdict is about the mock that was asked.
    await create.getByLabel("Body").fill('{"amount": "0"}');
    await chosen("5.5");
    await title.getByText("Try it on the mock of Spree 5.5").waitFor();
    assert.equal(await create.getByLabel("Body").inputValue(), '{"amount": "0"}');
    assert.equal(await create.getByLabel("customer_id").inputValue(), "cus_AXs1igzRC6");
    assert.match(await send(create, 422), /currency is missing/);
    // Another version is asked about what the chosen one lacks.
    await tab.goto(`${settings.address}spree-v3-admin-store-credits.html`);
    const list = tab.locator('[id="spree_v3.admin.store_credits.list"]');
    await list.locator(".try > summary").click();
    await list.getByText("Try it on the mock of Spree 6.0-alpha+ledger").waitFor();
    await send(list, 200);
    await close(tab);
  },

  async everything_is_readable_without_javascript() {
    const tab = await visit(LONGEST, { script: false });
    // A reader opens what is folded; nothing else may be hidden but what needs JavaScript to be of use.
    await tab.evaluate(() => document.querySelectorAll("details").forEach((one) => one.setAttribute("open", "")));
    const hidden = await tab.evaluate(() =>
      [...document.querySelectorAll("main *")].filter((one) => one.textContent.trim() && !one.closest(".js") && !one.checkVisibility()).map((one) => one.outerHTML.slice(0, 80)));
    assert.deepEqual(hidden, []);
    assert.ok(await tab.locator("nav").isVisible());
    for (const selector of ["#q", "#theme", "#copy", ".try", "[role=tab]"]) assert.equal(await tab.locator(`${selector}:visible`).count(), 0, `${selector} does nothing and is shown`);
    // A folded part opens by itself.
    await tab.reload();
    const part = tab.locator("details.adv").first();
    await part.locator("summary").first().click();
    assert.ok(await part.locator("dt").first().isVisible());
    await close(tab);
  },

  async keyboard_skips_to_the_text() {
    const tab = await visit(RESOURCE);
    await tab.keyboard.press("Tab");
    const skip = tab.locator(".skip");
    assert.ok(await skip.evaluate((one) => one === document.activeElement));
    assert.ok((await box(tab, ".skip")).x >= 0, "the link shows itself when it has the focus");
    await tab.keyboard.press("Enter");
    await tab.keyboard.press("Tab");
    assert.ok(await tab.evaluate(() => document.querySelector("main").contains(document.activeElement)));
    await close(tab);
  },

  async keyboard_reaches_everything_and_shows_where_it_is() {
    const tab = await visit("spree-account.html");
    const wanted = await tab.evaluate(() => [...document.querySelectorAll("a[href], button, input, select, summary, pre[tabindex='0']")].filter((one) => one.checkVisibility() && one.tabIndex >= 0).length);
    let reached = 0;
    for (let presses = 0; presses < wanted + 5; presses++) {
      await tab.keyboard.press("Tab");
      const [ended, ring, element] = await tab.evaluate(() => {
        const one = document.activeElement;
        const style = getComputedStyle(one);
        window.met ??= new Set([document.body]); // after the last one the focus leaves the page
        const before = window.met.has(one);
        window.met.add(one);
        return [before, style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2, one.outerHTML.slice(0, 80)];
      });
      if (ended) break;
      assert.ok(ring, `no focus ring on ${element}`);
      reached++;
    }
    assert.ok(reached >= wanted, `${reached} of ${wanted} were reached`);
    await close(tab);
  },

  async keyboard_searches() {
    const tab = await visit(RESOURCE);
    await tab.keyboard.press("/");
    assert.ok(await tab.evaluate(() => document.activeElement.id === "q"));
    await tab.keyboard.type("idempotency_conf");
    await tab.locator("#found li").first().waitFor();
    await tab.keyboard.press("ArrowDown");
    assert.equal(await tab.locator("#q").getAttribute("aria-activedescendant"), "f0");
    await tab.keyboard.press("Enter");
    await tab.waitForURL(/errors\.html#idempotency_conflict$/);
    await tab.keyboard.press("/");
    await tab.keyboard.type("zzzz");
    await tab.getByText("Nothing found").waitFor();
    await tab.keyboard.press("Escape");
    assert.ok(!(await tab.locator("#found").isVisible()));
    // Words far down in a long section are found and shown; an operation, by the name it has in the SDK.
    await tab.locator("#q").fill("constant time");
    await tab.locator("#found small", { hasText: "constant time" }).first().waitFor();
    assert.ok((await tab.locator("#found small mark").allTextContents()).includes("constant"), "what was looked for is marked");
    await tab.locator("#q").fill("use_store_credit");
    await tab.locator("#found li", { hasText: "Use Store Credit for an Order" }).first().waitFor();
    assert.equal(await tab.locator("#found li i").first().textContent(), "operation", "it says what it is");
    assert.match(await tab.locator("#found li").first().textContent(), /^Use Store Credit for an Order/);
    // Things of one name are one row, whose places are reached one after the other.
    await tab.locator("#q").fill("expires_at");
    const group = tab.getByRole("group", { name: "expires_at", exact: true });
    await group.waitFor();
    assert.ok((await group.getByRole("option").count()) >= 3);
    await tab.keyboard.press("ArrowDown");
    await tab.keyboard.press("ArrowDown");
    assert.equal(await tab.locator("#q").getAttribute("aria-activedescendant"), "f1");
    assert.equal(await group.getByRole("option", { selected: true }).textContent(), await group.getByRole("option").nth(1).textContent());
    assert.deepEqual(await complaints(tab), []);
    await tab.keyboard.press("Enter");
    await tab.waitForURL(/vinr-store-credit\.html#[\w.-]*expires_at/);
    await tab.locator("#q").fill("use_store_credit");
    await tab.locator("#found").waitFor();
    // What was folded by Escape comes back; going on folds it.
    await tab.keyboard.press("Escape");
    await tab.keyboard.press("ArrowDown");
    await tab.locator("#found").waitFor();
    await tab.keyboard.press("Tab");
    assert.ok(!(await tab.locator("#found").isVisible()));
    assert.equal(await tab.evaluate(() => document.activeElement.id), "theme");
    await close(tab);
  },

  async shortcuts_open_the_search() {
    const tab = await visit(RESOURCE);
    const focused = () => tab.evaluate(() => document.activeElement.id === "q");
    for (const keys of ["/", "Control+k", "Meta+k"]) {
      await tab.evaluate(() => document.activeElement.blur());
      await tab.keyboard.press(keys);
      assert.ok(await focused(), keys);
    }
    // Inside of a field, `/` is a letter; what is there is selected by the others, to be typed over.
    await tab.keyboard.type("a/b");
    await tab.keyboard.press("Control+k");
    await tab.keyboard.type("c");
    assert.equal(await tab.locator("#q").inputValue(), "c");
    for (const keys of ["Control+Shift+k", "Control+/", "k"]) {
      await tab.evaluate(() => document.activeElement.blur());
      await tab.keyboard.press(keys);
      assert.ok(!(await focused()), keys);
    }
    await close(tab);
  },

  async the_search_is_loaded_when_it_is_used() {
    const tab = await visit(RESOURCE);
    const loaded = () => tab.evaluate(() => [...document.scripts].map((one) => one.src.replace(/.*\//, "")));
    // The samples in further languages belong to the page.
    const own = ["scroll-spy.js", "site.js", "vinr-store-credit.js"];
    await tab.waitForFunction(() => window.scrollSpy);
    assert.deepEqual((await loaded()).sort(), own);
    await tab.locator("#q").fill("refund");
    await tab.locator("#found li").first().waitFor();
    assert.deepEqual((await loaded()).sort(), ["minisearch.js", "search-box.js", "search-index.js", "search.js", ...own].sort());
    assert.equal(await tab.locator("#q").getAttribute("type"), "text", "a combobox is not a search field in HTML");
    await close(tab);
  },

  async arrow_keys_change_the_language_and_it_is_remembered() {
    const tab = await visit(RESOURCE);
    const group = tab.locator(".sm").nth(1);
    await group.getByRole("tab", { name: "curl" }).focus();
    await tab.keyboard.press("ArrowRight");
    assert.equal(await tab.evaluate(() => document.activeElement.textContent), "Python");
    assert.deepEqual(await group.locator("[role=tabpanel]:visible").evaluateAll((all) => all.map((one) => one.dataset.lang)), ["python"]);
    await group.getByRole("tab", { name: "JavaScript" }).click();
    assert.deepEqual(await tab.locator(".sm").first().locator("[role=tabpanel]:visible").evaluateAll((all) => all.map((one) => one.dataset.lang)), ["fetch"]);
    await tab.goto(`${FILES}spree-orders.html`);
    assert.deepEqual(await tab.locator(".sm [role=tabpanel]:visible").evaluateAll((all) => all.map((one) => one.dataset.lang)), ["fetch"]);
    // Where a language is missing, another is shown.
    await tab.goto(`${FILES}webhooks.html`);
    assert.equal(await tab.locator(".sm").first().locator("[role=tabpanel]:visible").count(), 1);
    await close(tab);
  },

  async further_languages_are_loaded_remembered_and_copied() {
    const tab = await visit(RESOURCE, { address: settings.address });
    const shown = () => tab.locator(".sm [role=tabpanel]:visible").evaluateAll((all) => [...new Set(all.map((one) => one.dataset.lang))]);
    const group = tab.locator(".sm").first();
    const tabs = () => group.getByRole("tab").allTextContents();
    const more = group.getByLabel("More languages");
    assert.deepEqual(await tabs(), ["curl", "Python", "JavaScript"]);
    assert.deepEqual(await more.locator("option").allTextContents(), ["More", "Python, async", "Ruby", "PHP", "Go", "Java"]);
    await tab.waitForFunction(() => window.moreSamples);
    // By keyboard: the list follows the tabs, and a letter chooses.
    await group.getByRole("tab", { name: "curl" }).focus();
    await tab.keyboard.press("Tab");
    assert.ok(await more.evaluate((one) => one === document.activeElement));
    await tab.keyboard.press("g");
    await tab.locator(".sm [data-lang=go]:visible").first().waitFor();
    assert.deepEqual(await shown(), ["go"]);
    assert.deepEqual(await group.getByRole("tab", { selected: true }).count(), 0);
    // The tabs can still be reached.
    await tab.keyboard.press("Shift+Tab");
    assert.equal(await tab.evaluate(() => document.activeElement.textContent), "curl");
    await tab.keyboard.press("End");
    assert.deepEqual(await shown(), ["fetch"]);
    assert.equal(await more.inputValue(), "", "nothing of the list");
    for (const language of ["async", "php", "java", "ruby"]) {
      const top = (await more.boundingBox()).y;
      await more.selectOption(language);
      assert.deepEqual(await shown(), [language]);
      assert.ok(Math.abs((await more.boundingBox()).y - top) < 2, "the list stays where it is");
    }
    assert.equal(await group.getByRole("tabpanel", { name: "Ruby" }).count(), 1, "a panel is named as its option");
    assert.deepEqual(await complaints(tab), []);
    await tab.goto(`${settings.address}spree-v3-store-carts.html`);
    await tab.locator(".sm [data-lang=ruby]:visible").first().waitFor();
    assert.deepEqual(await shown(), ["ruby"], "remembered");
    assert.equal(await more.inputValue(), "ruby");
    await tab.getByRole("button", { name: "Copy the sample" }).first().click();
    await tab.locator(".tabs", { hasText: "Copied" }).waitFor();
    const copied = await tab.evaluate(() => navigator.clipboard.readText());
    assert.match(copied, /^(# .*\n)*(require "json"\n)?require "net\/http"\n/);
    assert.match(copied, /^puts response\.body$/m);
    // A site of which only the pages were copied.
    await tab.route("**/assets/samples/*", (route) => route.abort());
    await tab.reload();
    await more.waitFor({ state: "hidden" });
    assert.deepEqual(await tabs(), ["curl", "Python", "JavaScript"]);
    assert.deepEqual(await shown(), ["curl"]);
    await group.getByRole("tab", { name: "curl" }).focus();
    await tab.keyboard.press("ArrowLeft");
    assert.deepEqual(await shown(), ["fetch"]);
    await close(tab);
  },

  async languages_have_one_row_and_lines_are_not_broken() {
    for (const page of ["spree-v3-admin-customers-store-credits.html", "webhooks.html"]) {
      const tab = await visit(page);
      for (const width of [320, 390, 768, 1024, 1280, 1440]) {
        await tab.setViewportSize({ width, height: 900 });
        for (const language of ["curl", "java"]) {
          const found = await tab.evaluate(async (chosen) => {
            const list = document.querySelector(".sm select");
            if (chosen === "java") {
              list.value = chosen;
              list.dispatchEvent(new Event("change"));
            } else document.querySelector(".sm [role=tab]").click();
            await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => requestAnimationFrame(done))));
            const problems = [];
            if (document.documentElement.scrollWidth > innerWidth) problems.push("the page scrolls sideways");
            for (const bar of document.querySelectorAll(".sm > .tabs")) {
              if (!bar.checkVisibility()) continue;
              if (bar.offsetHeight > 48 || bar.scrollWidth > bar.clientWidth) problems.push(`a bar is ${bar.offsetHeight} high and ${bar.scrollWidth} of ${bar.clientWidth} wide`);
            }
            for (const pre of document.querySelectorAll(":is(.sm, .ex) pre:not(.wrap)")) {
              if (!pre.checkVisibility()) continue;
              if (getComputedStyle(pre).whiteSpace !== "pre") problems.push("a line is broken");
              if (pre.scrollWidth > pre.clientWidth + 1 && pre.tabIndex !== 0) problems.push(`not reached by the keyboard: ${pre.textContent.slice(0, 40)}`);
            }
            return problems;
          }, language);
          assert.deepEqual(found, [], `${page} at ${width}, ${language}`);
        }
      }
      // Paper cannot be scrolled.
      await tab.emulateMedia({ media: "print" });
      assert.equal(await tab.evaluate(() => getComputedStyle(document.querySelector(".sm pre")).whiteSpace), "pre-wrap");
      await close(tab);
    }
  },

  async colours_follow_the_system_and_the_switch_is_remembered() {
    const tab = await visit(RESOURCE, { dark: true });
    const background = () => tab.evaluate(() => getComputedStyle(document.body).backgroundColor);
    const dark = await background();
    await tab.getByRole("button", { name: "Switch to light mode" }).click();
    const light = await background();
    await tab.getByRole("button", { name: "Switch to dark mode" }).waitFor();
    assert.notEqual(light, dark);
    // Remembered on the next page, from the first moment on.
    await tab.goto(`${FILES}errors.html`, { waitUntil: "commit" });
    await tab.waitForFunction(() => document.body);
    assert.equal(await tab.evaluate(() => document.documentElement.dataset.theme), "light");
    assert.equal(await background(), light);
    await close(tab);
  },

  async a_deep_link_opens_what_is_folded() {
    const tab = await visit("spree-checkout.html#cart.display_tax_total");
    assert.ok(await tab.locator("#cart\\.display_tax_total").isVisible());
    const { y } = await box(tab, "#cart\\.display_tax_total");
    assert.ok(y > 40 && y < WIDE.height, `it stands at ${y}`);
    await tab.locator("#cart\\.number > a").click();
    assert.match(tab.url(), /#cart\.number$/);
    await close(tab);
  },

  async copy_buttons_copy() {
    const tab = await visit(RESOURCE, { address: settings.address });
    const copied = () => tab.evaluate(() => navigator.clipboard.readText());
    await tab.getByRole("button", { name: "Copy the sample" }).first().click();
    await tab.getByRole("button", { name: "Copied" }).or(tab.getByText("Copied")).first().waitFor();
    assert.match(await copied(), /^curl /m);
    await tab.getByRole("button", { name: "Copy the path" }).first().click();
    await tab.locator(".bar", { hasText: "Copied" }).waitFor();
    assert.equal(await copied(), "/v1/store-credit");
    await tab.goto(`${settings.address}index.html`);
    await tab.getByRole("button", { name: "Copy the sample" }).click();
    await tab.locator(".tabs", { hasText: "Copied" }).waitFor();
    assert.match(await copied(), /^curl [^$]/, "without the prompt");
    await tab.goto(settings.address + RESOURCE);
    await tab.locator("#copy").click();
    await tab.locator("#copy", { hasText: "Copied" }).waitFor();
    assert.equal(await tab.getByRole("status").textContent(), "Copied", "it is said to those who cannot see it");
    assert.match(await copied(), /^# Store credit\n\n/);
    // Every block outside of the samples; of a console, what is typed.
    await tab.goto(`${settings.address}testing.html`);
    assert.equal(await tab.locator("main pre > button").count(), await tab.locator("main pre").count());
    const block = tab.locator("pre", { hasText: "document 0.1.0 ready" });
    await block.getByRole("button", { name: "Copy the code" }).click();
    await block.getByText("Copied").waitFor();
    assert.match(await copied(), /^store-credit-mock serve\ncurl [^\n]+ \\\n {4}-d customer=[^\n]+$/);
    for (const page of ["index.html", "recipe-refund.html", "sdk-spree-admin.html"]) {
      await tab.goto(settings.address + page);
      // A sample has one button for all its languages.
      const blocks = await tab.evaluate(() => [...document.querySelectorAll("main pre")].filter((one) => !one.closest(".sm")).length);
      assert.equal(await tab.locator("main pre > button").count(), blocks, page);
    }
    await close(tab);
  },

  async long_bodies_are_cut_on_a_narrow_screen() {
    const tab = await visit("spree-v3-store-carts.html", { size: { width: 1024, height: 800 } });
    const body = tab.locator(".rs pre:visible").first();
    await tab.locator(".rs pre[tabindex='0']:visible").first().waitFor();
    assert.ok((await body.boundingBox()).height <= 22 * 16);
    assert.match(await body.getAttribute("aria-label"), /^Response: \S/);
    assert.deepEqual(await complaints(tab), []);
    await tab.setViewportSize(WIDE);
    // What is not cut any more is reached by the keyboard only if it is too wide.
    await tab.waitForFunction(() => [...document.querySelectorAll(".x pre")].every((one) => one.hasAttribute("tabindex") === one.scrollWidth > one.clientWidth + 1));
    assert.ok((await body.boundingBox()).height > 22 * 16);
    await close(tab);
  },

  async the_navigation_opens_the_group_of_the_page() {
    for (const script of [true, false]) {
      const tab = await visit(RESOURCE, { script });
      if (!script) await tab.locator(".menu").evaluate((one) => (one.open = true));
      assert.deepEqual(await tab.locator("nav[aria-label=Pages] > details[open] > summary").allTextContents(), ["VINR 1"]);
      await tab.locator("nav summary", { hasText: "Recipes" }).press("Enter");
      assert.ok(await tab.getByRole("link", { name: "Refund to store credit" }).first().isVisible());
      await close(tab);
    }
  },

  async the_outline_of_the_sdk_names_methods() {
    const tab = await visit("sdk-spree-admin.html");
    const outline = tab.locator("nav ul ul");
    assert.ok(await outline.isVisible());
    assert.deepEqual((await outline.locator("a").allTextContents()).filter((one) => one === "create"), ["create"]);
    assert.ok(await tab.locator("nav[aria-label=Pages]").evaluate((one) => one.scrollWidth <= one.clientWidth));
    await close(tab);
  },

  async paper_shows_everything() {
    const tab = await visit(RESOURCE);
    await tab.emulateMedia({ media: "print" });
    // But what the page has loaded: it would print each sample in eight languages.
    const hidden = await tab.evaluate(() => [...document.querySelectorAll("main dt, main dd, main pre:not(.later pre)")].filter((one) => !one.checkVisibility({ contentVisibilityAuto: true })).length);
    assert.equal(hidden, 0);
    assert.ok(!(await tab.locator("header").isVisible()));
    await close(tab);
  },

  async try_it_sends_to_the_mock_and_shows_what_came() {
    const tab = await visit(RESOURCE, { address: settings.address });
    const operation = tab.locator("#vinr\\.store_credit\\.create");
    await operation.locator(".try > summary").click();
    assert.equal(await tab.locator(".hint").count(), 0);
    await operation.getByRole("button", { name: "Send POST" }).click();
    const said = operation.locator(".try [aria-live] > p");
    await said.getByText("Response 201").waitFor();
    assert.deepEqual(await said.allTextContents(), ["Response 201", "The request and the response conform to openapi.yaml."]);
    assert.match(await operation.locator(".try pre").last().textContent(), /^POST \/v1\/store-credit\n/);
    // The verdict comes first, in words; what it speaks of is linked to where the page describes it.
    await operation.getByLabel("Body").fill('{"customer": "cust_8aZ2", "amount": 0, "currency": "USD", "note": "it\'s"}');
    await operation.getByRole("button", { name: "Send POST" }).click();
    await said.getByText("Response 400").waitFor();
    assert.deepEqual((await said.allTextContents()).sort(), ["Response 400", "The mock is strict: it rejects whatever openapi.yaml does not allow. A real server may accept it.", "amount must be 1 or more, not 0.", "note is not an attribute of this operation."]);
    assert.equal(await said.locator("a").getAttribute("href"), "#create.amount");
    await operation.getByRole("button", { name: "Copy as curl" }).click();
    await operation.getByText("Copied").first().waitFor();
    const curl = await tab.evaluate(() => navigator.clipboard.readText());
    assert.match(curl, /^curl -X POST 'http:\/\/127\.0\.0\.1:\d+\/v1\/store-credit' -H 'X-Api-Key: .+it'\\''s"}'$/);
    assert.deepEqual(await complaints(tab), []);
    await tab.goto(`${settings.address}spree-store-credits.html`);
    const credits = tab.locator("#spree\\.store_credits\\.list");
    await credits.locator(".try > summary").click();
    assert.match(await credits.getByLabel("Platform token: Authorization").inputValue(), /^Bearer ./);
    await credits.getByRole("button", { name: "Send GET" }).click();
    await credits.locator(".try").getByText("Response 200").waitFor();
    await tab.goto(`${settings.address}spree-checkout.html`);
    const cart = tab.locator("#spree\\.checkout\\.add_store_credit");
    await cart.locator(".try > summary").click();
    await cart.getByRole("button", { name: "Send POST" }).click();
    await cart.locator(".try").getByText("Response 200").waitFor();
    await close(tab);
  },

  async a_long_object_is_copied_from_a_response() {
    const page = "spree-v3-store-carts.html";
    const tab = await visit(page);
    const [object, response] = [tab.locator("#SpreeV3Cart .x pre"), tab.locator("#spree_v3\\.store\\.carts\\.get .rs pre").first()];
    assert.match(await object.textContent(), /"covered_by_store_credit"/);
    assert.equal(await object.textContent(), await response.textContent());
    // It follows the chosen version.
    const before = await object.textContent();
    await tab.getByLabel("Version").selectOption("6.0");
    await tab.locator("#spree_v3\\.store\\.carts\\.get .of").waitFor();
    assert.notEqual(await object.textContent(), before);
    assert.equal(await object.textContent(), await response.textContent());
    await close(tab);
    const plain = await visit(page, { script: false });
    assert.equal(await plain.locator("#SpreeV3Cart .x").getByRole("link", { name: "Example: the response of Get a cart" }).getAttribute("href"), "#spree_v3.store.carts.get");
    await close(plain);
  },

  async responses_have_a_tab_for_each_status() {
    const tab = await visit(RESOURCE);
    const group = tab.locator("#vinr\\.store_credit\\.create .rs");
    const shown = () => group.locator("[role=tabpanel]:visible").textContent();
    const statuses = group.getByRole("tablist", { name: "Responses by status" });
    assert.deepEqual(await statuses.getByRole("tab").allTextContents(), ["201", "400", "401", "403", "404", "409", "422", "429", "5xx"]);
    assert.match(await shown(), /"balance_remaining"/);
    await group.getByRole("tab", { name: "409" }).click();
    // One example at a time.
    const example = () => group.locator("[role=tabpanel] [role=tabpanel]:visible").textContent();
    assert.match(await example(), /"idempotency_conflict"/);
    await group.getByRole("tab", { name: "idempotency_in_progress" }).click();
    assert.match(await example(), /"idempotency_in_progress"/);
    assert.doesNotMatch(await example(), /"idempotency_conflict"/);
    await group.getByRole("tab", { name: "409" }).click();
    await tab.keyboard.press("ArrowRight");
    assert.match(await shown(), /"amount_too_large"/);
    // One button copies what is shown.
    assert.equal(await group.getByRole("button", { name: "Copy the response" }).count(), 1);
    // The language stays as it is; a body that stands elsewhere on the page is here too.
    assert.equal(await tab.evaluate(() => document.documentElement.dataset.lang), "curl");
    const update = tab.locator("#vinr\\.store_credit\\.update .rs");
    await update.getByRole("tab", { name: "401" }).click();
    assert.match(await update.locator("[role=tabpanel]:visible").first().textContent(), /"invalid_api_key"/);
    assert.deepEqual(await complaints(tab), []);
    // A link to a body opens its tab.
    await tab.goto(`${FILES}${RESOURCE}#create.422.amount_too_large`);
    await tab.reload();
    assert.ok(await tab.locator("#create\\.422\\.amount_too_large").isVisible());
    await close(tab);
  },

  async the_section_that_is_read_is_marked() {
    const tab = await visit(RESOURCE);
    const marked = () => tab.locator("nav [aria-current=location]").allTextContents();
    await tab.evaluate(() => document.getElementById("retrieve-store-credit").scrollIntoView());
    await tab.locator("nav [aria-current=location]", { hasText: "Retrieve" }).waitFor();
    assert.deepEqual(await marked(), ["GET Retrieve store credit"]);
    await tab.goto(`${FILES}errors.html`);
    await tab.evaluate(() => scrollTo(0, document.body.scrollHeight));
    await tab.locator(".toc [aria-current=location]", { hasText: "In Python" }).waitFor();
    await close(tab);
  },

  async guides_have_their_contents_beside_them() {
    const tab = await visit("webhooks.html");
    const [text, contents] = [await box(tab, ".guide .t"), await box(tab, ".toc")];
    assert.ok(text.x + text.width <= contents.x);
    await tab.setViewportSize({ width: 1024, height: 800 });
    assert.ok(!(await tab.locator(".toc").isVisible()), "the navigation has them on a narrower screen");
    await close(tab);
  },

  async the_first_screen_shows_cards_and_a_request_with_its_response() {
    let tab = await visit("index.html");
    const end = async (selector, size) => {
      const { x, y, width, height } = await box(tab, selector);
      assert.ok(x >= 0 && x + width <= size.width, `${selector} is as wide as the screen allows`);
      return y + height;
    };
    for (const selector of [".lead", ".cards li:last-child", ".sample pre", ".sample pre:last-of-type"]) {
      assert.ok((await end(selector, WIDE)) <= WIDE.height, `${selector} ends above the fold`);
    }
    const [cards, sample, contents] = [await box(tab, ".cards"), await box(tab, ".sample"), await box(tab, ".toc")];
    assert.ok(cards.x + cards.width <= sample.x, "beside each other");
    assert.ok(contents.y >= sample.y + sample.height, "contents below them");
    await close(tab);
    tab = await visit("index.html", { size: PHONE });
    assert.ok((await end(".cards li:last-child", PHONE)) <= PHONE.height);
    // All of a card leads to its section.
    await tab.locator(".cards li").nth(1).click({ position: { x: 5, y: 5 } });
    await tab.waitForURL(/#test-without-an-account$/);
    await close(tab);
  },

  async drawings_follow_the_theme_and_are_as_wide_as_the_screen_allows() {
    const seen = [];
    for (const dark of [false, true]) {
      const tab = await visit("idempotency.html", { size: PHONE, dark, script: false });
      const { x, width, height } = await box(tab, "figure svg");
      assert.ok(x >= 0 && x + width <= PHONE.width && width > 330 && height > 300);
      seen.push(await tab.locator("figure svg text").first().evaluate((one) => getComputedStyle(one).fill));
      await close(tab);
    }
    assert.deepEqual(seen, ["rgb(29, 36, 51)", "rgb(228, 232, 239)"]);
  },

  async a_target_is_marked_quietly() {
    const tab = await visit("errors.html#rate_limited");
    const colour = (selector) => tab.locator(selector).evaluate((one) => getComputedStyle(one).backgroundColor);
    assert.equal(await colour("#rate_limited"), "rgba(0, 0, 0, 0)");
    const mark = (selector) => tab.locator(selector).first().evaluate((one) => getComputedStyle(one).opacity);
    assert.equal(await mark("h2 > .h"), "0", "no sign beside a heading");
    await tab.locator("h2").first().hover();
    assert.equal(await mark("h2 > .h"), "1", "but where the mouse is");
    await close(tab);
  },

  async try_it_sends_no_live_key() {
    const tab = await visit(RESOURCE, { address: settings.address });
    const operation = tab.locator("#vinr\\.store_credit\\.retrieve");
    await operation.locator(".try > summary").click();
    const sent = [];
    tab.on("request", (request) => sent.push(request.url()));
    for (const key of ["sk_live_4eC39HqLyjWDarjt", "rk_live_1", "pk_test_1", " pk_test_1"]) {
      await operation.getByLabel("X-Api-Key").fill(key);
      await operation.getByRole("button", { name: "Send GET" }).click();
      await operation.getByText("Nothing was sent").waitFor();
    }
    assert.deepEqual(sent, []);
    await close(tab);
  },

  async every_form_is_sent_with_what_it_begins_with() {
    // Of each kind of credential a page: a secret key, a publishable key with a token, tokens of a cart and of a shopper.
    for (const page of ["vinr-store-credit.html", "spree-v3-store-carts.html", "spree-checkout.html", "spree-v3-admin-orders-payments.html"]) {
      const tab = await visit(page, { address: settings.address });
      await tab.locator(".try").first().waitFor();
      // A deletion would leave nothing to read for the others.
      const forms = tab.locator(".op:not([data-method=DELETE]) .try form");
      for (let at = 0; at < (await forms.count()); at += 1) {
        await forms.nth(at).evaluate((form) => ((form.parentElement.open = true), form.requestSubmit()));
        const said = forms.nth(at).locator("xpath=following-sibling::div").locator("p").first();
        await said.waitFor();
        assert.match(await said.textContent(), /^Response [234]/, `${page}, form ${at + 1}`);
      }
      await close(tab);
    }
  },

  async try_it_is_not_there_without_a_mock() {
    for (const script of [true, false]) {
      const tab = await visit(RESOURCE, { script });
      assert.equal(await tab.locator(".try").count(), 0);
      assert.match(await tab.locator(".hint").textContent(), script ? /values to try.*scripts\/docs --serve/ : / \(values to try\)\.$/);
      await close(tab);
    }
  },

  async an_unknown_address_leads_to_what_was_meant() {
    const context = await browser.newContext({ viewport: PHONE, colorScheme: "dark" });
    const faults = [];
    await context.route("**/*", (route) => {
      const { pathname } = new URL(route.request().url());
      const known = pathname.startsWith("/assets/") || pathname === "/favicon.svg";
      return known ? route.fulfill({ path: `${settings.folder}${pathname}` })
        : route.fulfill({ status: 404, contentType: "text/html", body: readFileSync(`${settings.folder}/404.html`, "utf-8") });
    });
    const tab = await context.newPage();
    tab.on("pageerror", (error) => faults.push(String(error)));
    await tab.goto("https://docs.example.com/old/api/spree-store-credit.htm");
    const first = tab.locator("#nearest + ul a").first();
    await first.waitFor();
    assert.equal(await first.evaluate((one) => one.href), "https://docs.example.com/spree-store-credits.html");
    assert.deepEqual(await complaints(tab), []);
    // The search and the menu are those of every page.
    await tab.locator("#q").fill("refund");
    await tab.locator("#found [data-href]").first().waitFor();
    await tab.keyboard.press("Escape");
    await tab.locator(".menu > summary").click();
    assert.ok(await tab.locator("nav").isVisible());
    // Nothing is like this, and it is no valid text either.
    await tab.goto("https://docs.example.com/%E0%A4%A");
    assert.match(await tab.locator("#nearest").textContent(), /^Search all pages/);
    assert.equal(await tab.evaluate(() => document.documentElement.scrollWidth > innerWidth), false);
    assert.deepEqual(faults, []);
    await context.close();
  },

  async the_versions_are_chosen_in_the_header() {
    // The site as one version of three: its neighbours have other pages.
    const names = settings.pages.map((one) => one.replace(".html", ""));
    let known = [{ name: "0.3.0", pages: names }, { name: "0.2.0", pages: names }, { name: "0.1.0", pages: ["index"] }];
    const open = async (script = true) => {
      const context = await browser.newContext({ javaScriptEnabled: script });
      await context.route("**/*", (route) => {
        const [, , version, file = "versions.json"] = new URL(route.request().url()).pathname.split(/^\/(credit)\/([\d.]+)\//);
        if (!version) return route.fulfill({ json: known });
        if (!file.endsWith(".html")) return route.fulfill({ path: `${settings.folder}/${file}` });
        const page = readFileSync(`${settings.folder}/${file}`, "utf-8");
        return route.fulfill({ contentType: "text/html", body: page.replace(/<span class="version">[^<]*<\/span>/, '<a class="version" href="../versions.html">0.2.0</a>') });
      });
      const tab = await context.newPage();
      await tab.goto("https://docs.example.com/credit/0.2.0/errors.html#rate_limited");
      return tab;
    };
    const tab = await open();
    const picker = tab.locator("details.version");
    await picker.locator("summary").press("Enter");
    const links = await picker.locator("a").evaluateAll((all) => all.map((one) => [one.textContent, one.href.replace("https://docs.example.com/credit/", "")]));
    assert.deepEqual(links, [["0.3.0 newest", "0.3.0/errors.html#rate_limited"], ["0.2.0", "0.2.0/errors.html#rate_limited"], ["0.1.0 without this page", "0.1.0/index.html"], ["All versions", "versions.html"]]);
    assert.equal(await picker.locator("[aria-current=page]").textContent(), "0.2.0");
    assert.deepEqual(await complaints(tab), []);
    await tab.keyboard.press("Escape");
    assert.ok(!(await picker.locator("ul").isVisible()) && (await picker.locator("summary").evaluate((one) => one === document.activeElement)));
    await picker.locator("summary").click();
    await picker.getByRole("link", { name: "0.3.0" }).click();
    await tab.waitForURL("https://docs.example.com/credit/0.3.0/errors.html#rate_limited");
    await close(tab);
    // Of one version there is nothing to choose; without JavaScript the list of all is one click away.
    known = known.slice(1, 2);
    const single = await open();
    await single.locator("span.version", { hasText: "0.2.0" }).waitFor();
    await close(single);
    const plain = await open(false);
    assert.equal(await plain.locator("a.version").getAttribute("href"), "../versions.html");
    await close(plain);
  },

  async code_scrolls_inside_its_box() {
    const tab = await visit("recipe-checkout.html", { size: PHONE });
    const wide = await tab.evaluate(() => {
      const found = [...document.querySelectorAll("main pre > code")].find((one) => one.scrollWidth > one.clientWidth + 1);
      found.scrollIntoView();
      const button = found.parentElement.querySelector("button").getBoundingClientRect();
      found.scrollLeft = 60;
      const after = found.parentElement.querySelector("button").getBoundingClientRect();
      return { space: getComputedStyle(found).whiteSpace, moved: found.scrollLeft, stays: button.x === after.x, page: document.documentElement.scrollWidth };
    });
    assert.deepEqual(wide, { space: "pre", moved: 60, stays: true, page: PHONE.width });
    // With the keyboard, too.
    await tab.locator("main pre > code[tabindex='0'][aria-label]").first().waitFor();
    await close(tab);
  },

  async a_published_page_does_not_speak_of_a_checkout() {
    const context = await browser.newContext();
    await context.route("**/*", (route) => route.fulfill({ path: settings.folder + new URL(route.request().url()).pathname }));
    const tab = await context.newPage();
    await tab.goto(`https://docs.example.com/${RESOURCE}`);
    await tab.locator(".sm [role=tab]").first().waitFor(); // the script has run
    assert.match(await tab.locator(".hint").textContent(), / \(values to try\)\.$/);
    assert.equal(await tab.locator(".try").count(), 0);
    await close(tab);
  },

  // axe is a script itself, so that here only the pages' own does not run.
  axe_finds_nothing_without_the_script: accessible({ bare: true }),
  axe_finds_nothing_on_any_page_of_the_first_quarter: accessible({}, quarter(0), { open: false }),
  axe_finds_nothing_on_any_page_of_the_second_quarter: accessible({}, quarter(1), { open: false }),
  axe_finds_nothing_on_any_page_of_the_third_quarter: accessible({}, quarter(2), { open: false }),
  axe_finds_nothing_on_any_page_of_the_last_quarter: accessible({}, quarter(3), { open: false }),
  axe_finds_nothing_in_what_is_folded: accessible({}, ["spree-checkout.html", "errors.html", "json-api.html"]),
  axe_finds_nothing_in_the_dark: accessible({ dark: true }),
  axe_finds_nothing_on_a_phone: accessible({ size: PHONE }),
  axe_finds_nothing_on_a_phone_in_the_dark: accessible({ size: PHONE, dark: true }),

  // The last: it sums up all that was loaded before.
  async nothing_was_loaded_from_outside_and_no_script_failed() {
    assert.deepEqual(outside, []);
  },
};

for (const [name, check] of Object.entries(checks)) {
  if (settings.only && name !== settings.only) continue;
  let problem = null;
  const started = Date.now();
  try {
    await Promise.race([check(), new Promise((_, fail) => setTimeout(fail, PATIENCE, new Error("takes too long")).unref())]);
  } catch (error) {
    problem = String(error.stack ?? error).slice(0, 4000);
    for (const context of browser.contexts()) await context.close();
  }
  process.stdout.write(`${JSON.stringify({ name, problem, milliseconds: Date.now() - started })}\n`);
}
await browser.close();
