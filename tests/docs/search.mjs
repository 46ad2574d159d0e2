// Searches the pages as a browser does: {folder, queries} in, a JSON line of the rows of each query out.
import { readFileSync } from "node:fs";
import { runInNewContext } from "node:vm";

const { folder, queries } = JSON.parse(process.argv[2]);
// A browser's names, and nothing of Node's: what the scripts need must be in a page.
const page = { console, setTimeout };
page.window = page.self = page.globalThis = page;
for (const name of ["minisearch", "search", "search-index"]) runInNewContext(readFileSync(`${folder}/${name}.js`, "utf-8"), page);
const started = performance.now();
const search = await page.makeSearch(page.MiniSearch, page.searchIndex);
const built = performance.now() - started;
process.stdout.write(JSON.stringify({ built, found: queries.map(search) }));
