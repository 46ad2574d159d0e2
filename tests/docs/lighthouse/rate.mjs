// Rates pages with Lighthouse in Chromium: a JSON line {page, accessibility, bestPractices, seo, performance, failed} for each.
// Started by tests/docs/test_lighthouse.py with {chromium, arguments, address, pages, runs}; performance is the median of `runs`.
import { launch } from "chrome-launcher";
import lighthouse from "lighthouse";

const settings = JSON.parse(process.argv[2]);
const chrome = await launch({ chromePath: settings.chromium, chromeFlags: ["--headless=new", ...settings.arguments], logLevel: "silent" });

async function rate(page, onlyCategories) {
  const { lhr } = await lighthouse(settings.address + page, { port: chrome.port, output: "json", logLevel: "silent", onlyCategories });
  const score = (name) => (name in lhr.categories ? Math.round(lhr.categories[name].score * 100) : null);
  const failed = Object.values(lhr.categories)
    .filter(({ id }) => id !== "performance")
    .flatMap(({ auditRefs }) => auditRefs)
    .filter(({ id, weight }) => weight > 0 && lhr.audits[id].score !== null && lhr.audits[id].score < 1)
    .map(({ id }) => `${id}: ${lhr.audits[id].title}`);
  return { score, failed };
}

for (const page of settings.pages) {
  const { score, failed } = await rate(page, ["performance", "accessibility", "best-practices", "seo"]);
  const performance = [score("performance")];
  while (performance.length < settings.runs) performance.push((await rate(page, ["performance"])).score("performance"));
  performance.sort((one, other) => one - other);
  const row = { page, accessibility: score("accessibility"), bestPractices: score("best-practices"), seo: score("seo"), failed };
  process.stdout.write(`${JSON.stringify({ ...row, performance: performance[performance.length >> 1] })}\n`);
}
chrome.kill();
