// Looks at an audit's page in Chromium, with no script but axe: a JSON line {name, found} for each way of looking at it.
// Started by tests/jobs/test_audit_page.py with {chromium, arguments, page}.
import { createRequire } from "node:module";
import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { chromium } from "playwright-core";

const settings = JSON.parse(process.argv[2]);
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf-8");
const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
const WAYS = {
  wide: { size: { width: 1440, height: 900 } },
  phone: { size: { width: 390, height: 844 } },
  dark: { size: { width: 1440, height: 900 }, dark: true },
  phone_in_the_dark: { size: { width: 390, height: 844 }, dark: true },
  paper: { size: { width: 1440, height: 900 }, print: true },
};

const browser = await chromium.launch({ executablePath: settings.chromium, args: settings.arguments });
for (const [name, { size, dark = false, print = false }] of Object.entries(WAYS)) {
  // The page's own rules forbid every script, axe too.
  const context = await browser.newContext({ viewport: size, colorScheme: dark ? "dark" : "light", bypassCSP: true });
  const tab = await context.newPage();
  const found = [];
  tab.on("request", (request) => request.url().startsWith("file:") || found.push(`asked for ${request.url()}`));
  tab.on("pageerror", (error) => found.push(String(error)));
  tab.on("dialog", (dialog) => found.push(`a script ran: ${dialog.message()}`));
  await tab.goto(pathToFileURL(settings.page).href);
  if (print) await tab.emulateMedia({ media: "print" });
  await tab.evaluate(axe);
  const { violations } = await tab.evaluate((tags) => axe.run(document, { runOnly: tags, resultTypes: ["violations"] }), RULES);
  for (const { id, nodes } of violations) found.push(...nodes.slice(0, 3).map((node) => `${id}: ${node.html.slice(0, 160)} (${node.failureSummary})`));
  const sideways = await tab.evaluate(() => document.documentElement.scrollWidth > innerWidth);
  if (sideways && !print) found.push("it scrolls sideways");
  const [background, text] = await tab.evaluate(() => {
    const { backgroundColor, color } = getComputedStyle(document.body);
    return [backgroundColor, color];
  });
  const pictures = await tab.locator("svg").evaluateAll((all) => all.filter((one) => one.getBoundingClientRect().height > 20).length);
  process.stdout.write(`${JSON.stringify({ name, found, background, text, pictures })}\n`);
  await context.close();
}
await browser.close();
