// Shows a copy of the document in Swagger UI, Redoc and Scalar, one after the other, and tells what each complained of.
// `node render.mjs CHROMIUM FOLDER COPY`: writes a picture of each into FOLDER, prints one JSON object by renderer.
import { createServer } from "node:http";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";

const [executablePath, folder, copy] = process.argv.slice(2);
const packages = fileURLToPath(new URL("node_modules", import.meta.url));
const bundle = (name, file) => join(packages, name, file);
const files = {
  "/swagger.js": bundle("swagger-ui-dist", "swagger-ui-bundle.js"),
  "/swagger.css": bundle("swagger-ui-dist", "swagger-ui.css"),
  "/redoc.js": bundle("redoc", "bundles/redoc.standalone.js"),
  "/scalar.js": bundle("@scalar/api-reference", "dist/browser/standalone.js"),
  "/document.json": copy,
};
const page = (body) => `<!doctype html><meta charset="utf-8"><title>x</title><link rel="icon" href="data:,">${body}`;
const pages = {
  swagger: page(
    '<link rel="stylesheet" href="/swagger.css"><div id="x"></div><script src="/swagger.js"></script>' +
      '<script>SwaggerUIBundle({ url: "/document.json", dom_id: "#x", validatorUrl: null })</script>',
  ),
  redoc: page(
    '<div id="x"></div><script src="/redoc.js"></script>' +
      '<script>Redoc.init("/document.json", { disableSearch: true }, document.getElementById("x"))</script>',
  ),
  scalar: page(
    '<div id="x"></div><script src="/scalar.js"></script>' +
      '<script>Scalar.createApiReference("#x", { url: "/document.json", withDefaultFonts: false, telemetry: false })</script>',
  ),
};
const types = { js: "text/javascript", css: "text/css", json: "application/json" };

const server = createServer(async (request, response) => {
  const name = request.url.slice(1);
  if (name in pages) return response.setHeader("Content-Type", "text/html").end(pages[name]);
  if (!(request.url in files)) return response.writeHead(404).end();
  response.setHeader("Content-Type", types[name.split(".").pop()]);
  response.end(await readFile(files[request.url]));
});
await new Promise((listening) => server.listen(0, "127.0.0.1", listening));
const origin = `http://127.0.0.1:${server.address().port}`;
const title = JSON.parse(await readFile(copy, "utf-8")).info.title;

const browser = await chromium.launch({ executablePath, args: ["--no-sandbox"] });
const found = {};
try {
  for (const name of Object.keys(pages)) {
    const tab = await browser.newPage({ viewport: { width: 1280, height: 1600 } });
    const said = [];
    tab.on("console", async (line) => {
      if (!["warning", "error"].includes(line.type())) return;
      const values = await Promise.all(line.args().map((one) => one.jsonValue().catch(String)));
      said.push(JSON.stringify(values).slice(0, 1000));
    });
    tab.on("pageerror", (error) => said.push(String(error).slice(0, 300)));
    await tab.route(
      (url) => url.origin !== origin && url.protocol.startsWith("http"),
      (route) => route.fulfill({ status: 204 }),
    );
    await tab.goto(`${origin}/${name}`);
    await tab.getByText(title).first().waitFor({ timeout: 60_000 });
    await tab.getByText("About this copy").first().waitFor({ state: "attached" });
    const text = await tab.locator("body").innerText();
    await tab.screenshot({ path: join(folder, `${name}.png`) });
    found[name] = { said, text };
    await tab.close();
  }
} finally {
  await browser.close();
  server.close();
}
console.log(JSON.stringify(found));
