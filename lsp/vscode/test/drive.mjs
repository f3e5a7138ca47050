// A person's first minutes in a real VS Code, by keys: ghost text, Tab, a finding and its fix, a
// refactoring shown as a diff and accepted. Writes screenshots; exits with 1 at the first surprise.
//   node drive.mjs URL WORKSPACE SCREENSHOTS
import { readFileSync } from "node:fs";
import { chromium } from "playwright-core";

const [url, workspace, shots] = process.argv.slice(2);
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox"],
});
const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
const started = Date.now();
const say = (words) => console.log(`${((Date.now() - started) / 1000).toFixed(1)} s  ${words}`);

async function command(name) {
  await page.keyboard.press("F1");
  await page.waitForSelector(".quick-input-widget:visible");
  await page.keyboard.type(name, { delay: 10 });
  await page.waitForTimeout(700);
  await page.keyboard.press("Enter");
  await page.waitForTimeout(500);
}

async function open(file) {
  await page.keyboard.press("Control+p");
  await page.waitForSelector(".quick-input-widget:visible");
  await page.keyboard.type(file, { delay: 10 });
  await page.waitForTimeout(1000);
  await page.keyboard.press("Enter");
  await page.waitForSelector(`.tab.active[data-resource-name="${file}"]`, { timeout: 15000 });
}

async function eventually(what, test, seconds = 30) {
  const end = Date.now() + seconds * 1000;
  while (Date.now() < end) {
    if (await test()) return say(what);
    await page.waitForTimeout(100);
  }
  await page.screenshot({ path: `${shots}/failed.png` });
  throw new Error(`not seen: ${what}`);
}

const text = () => page.evaluate(() => [...document.querySelectorAll(".view-lines")].map((e) => e.textContent).join("\n").replaceAll("\u00a0", " "));
const onDisk = (file) => readFileSync(`${workspace}/${file}`, "utf-8");

try {
  await page.goto(url);
  await page.waitForSelector(".monaco-workbench", { timeout: 60000 });
  say("the workbench is there");
  await eventually("the status bar says that qcode is ready", async () =>
    (await page.locator("#qcode\\.qcode\\.qcode\\.status, [id*='qcode.status']").count()) > 0 &&
    !(await page.locator("[id*='qcode.status']").first().innerHTML()).includes("loading"), 60);

  await open("store.py");
  await page.locator(".editor-instance .view-lines").first().click();
  await page.keyboard.press("Control+End");
  await page.keyboard.type("\n\ndef total(values):\n", { delay: 60 });
  const typed = Date.now();
  await eventually("ghost text", async () => (await page.locator(".ghost-text-decoration, .ghost-text, [class*='ghost-text']").count()) > 0);
  say(`${Date.now() - typed} ms from the last key to ghost text`);
  await page.screenshot({ path: `${shots}/inline.png` });
  await page.keyboard.press("Tab");
  await eventually("Tab takes it", async () =>
    (await text()).includes("    return sum(values)") && (await page.locator("[class*='ghost-text']").count()) === 0);

  await page.keyboard.type("\n    breakpoint()", { delay: 40 });
  await page.keyboard.press("Escape");
  await eventually("a finding is underlined", async () => (await page.locator(".squiggly-error").count()) > 0);
  await page.keyboard.press("Control+.");
  await eventually("its fixes are offered", async () => (await page.locator("text=Remove the debugger call").count()) > 0);
  await page.screenshot({ path: `${shots}/fix.png` });
  await page.keyboard.press("Enter");
  await eventually("the fix is made", async () => !(await text()).includes("breakpoint()"));
  await page.keyboard.press("Control+s");
  await eventually("it is saved", async () => onDisk("settings/store.py").includes("return sum(values)"));

  await command("qcode: Refactor");
  await page.waitForSelector(".quick-input-widget:visible input");
  await page.keyboard.type("rename parse_cfg to load_config", { delay: 15 });
  await page.keyboard.press("Enter");
  await eventually("the edit is asked about", async () => (await page.locator("text=Accept all").count()) > 0, 90);
  await page.waitForTimeout(1500);
  await page.screenshot({ path: `${shots}/diff.png` });
  if (!onDisk("settings/loader.py").includes("def parse_cfg")) throw new Error("written before it was accepted");
  await page.locator("text=Accept all").first().click();
  await page.waitForTimeout(1500);
  await command("File: Save All Files");
  await eventually("all files have the new name", async () =>
    onDisk("settings/loader.py").includes("def load_config") && !onDisk("tests/test_settings.py").includes("parse_cfg"));
  await page.screenshot({ path: `${shots}/done.png` });
  say("done");
} catch (error) {
  await page.screenshot({ path: `${shots}/failed.png` });
  console.error(String(error));
  process.exitCode = 1;
} finally {
  await browser.close();
}
