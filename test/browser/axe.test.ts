/** The helper finds errors; otherwise the tests that expect none would prove nothing. */
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { axeViolations } from "./axe.ts";
import { launchChromium, launchMs, openPage } from "./chromium.ts";

let browser: Browser;
beforeAll(async () => {
  browser = await launchChromium();
}, launchMs);
afterAll(() => browser.close());

const documentOf = (body: string) =>
  `<!doctype html><html lang="en"><title>Page</title><body><main><h1>Page</h1>${body}</main></body></html>`;

it("reports each wrong place of a page, and nothing on a correct page", async () => {
  const { page, context } = await openPage(browser);
  await page.setContent(documentOf("<p>All is well.</p>"));
  expect(await axeViolations(page)).toEqual([]);
  await page.setContent(documentOf('<p style="color: #aaa">Pale</p><input>'));
  const found = await axeViolations(page);
  expect(found.map((line) => line.split(" at ")[0])).toEqual(["color-contrast", "label"]);
  await context.close();
});
