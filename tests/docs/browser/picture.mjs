// Takes one picture of a page: {chromium, arguments, address, opened, file, width, height} as JSON.
import { chromium } from "playwright-core";

const settings = JSON.parse(process.argv[2]);
const browser = await chromium.launch({ executablePath: settings.chromium, args: settings.arguments });
try {
  const page = await browser.newPage({
    viewport: { width: settings.width, height: settings.height },
    colorScheme: "light",
    reducedMotion: "reduce",
    bypassCSP: true,
  });
  await page.goto(settings.address);
  await page.getByText(settings.opened).first().click();
  await page.mouse.move(0, 0);
  // The options of the mock and the filters take half the bytes, and say nothing in a picture.
  await page.addStyleTag({ content: "#state, #filter { display: none !important; }" });
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
  await page.screenshot({ path: settings.file });
} finally {
  await browser.close();
}
