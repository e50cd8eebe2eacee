/** Every screen on a desk and on phones: whole, still, quiet, and from one host. */
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { waitFor } from "../../support/wait.ts";
import { launchMs, openPage, untilTrue, type Watched } from "../chromium.ts";
import { type Desk, loaded, makeFirstAccount, openDesk, titled } from "./desk.ts";
import { everyScreen, type Screen } from "./screens.ts";

/** What moves less is not seen: an icon that gives way, a scroll bar. */
const stillness = 0.02;
let desk: Desk;
let screens: readonly Screen[];
let phone: Watched;
beforeAll(async () => {
  desk = await openDesk();
  await makeFirstAccount(desk);
  screens = await everyScreen(desk.system);
  await waitFor("the event of the connection", () => desk.system.events("auth").length > 0);
  phone = await openPage(desk.browser, {
    baseURL: desk.system.server.url,
    storageState: await desk.context.storageState(),
    viewport: { width: 390, height: 844 },
    isMobile: true,
    hasTouch: true,
    colorScheme: "dark",
  });
  for (const { page } of [desk, phone]) await page.addInitScript(watchShifts);
}, launchMs);
afterAll(async () => {
  await phone?.context.close();
  await desk?.close();
});

/** Adds up how far things that are seen were moved by what came later. */
const watchShifts = `
  globalThis.shifted = 0;
  globalThis.moved = [];
  new PerformanceObserver((list) => {
    for (const { value, hadRecentInput, sources } of list.getEntries()) {
      if (hadRecentInput) continue;
      globalThis.shifted += value;
      globalThis.moved.push(...sources.map(({ node }) => node?.className ?? "text"));
    }
  }).observe({ type: "layout-shift", buffered: true });`;

async function open(page: Page, { at, title }: Screen): Promise<void> {
  await page.goto(`/dashboard/e/${desk.system.server.devId}/${at}`);
  await titled(page, title);
  await loaded(page);
  await page.waitForLoadState("networkidle");
}

const shiftOf = (page: Page): Promise<{ shifted: number; moved: string[] }> =>
  page.evaluate("({ shifted: globalThis.shifted, moved: globalThis.moved })");

/** Of three loads at most: an answer that takes seconds, on a busy machine, is not waited for by a screen. */
async function stillestOf(page: Page, screen: Screen, tries = 3): ReturnType<typeof shiftOf> {
  await open(page, screen);
  const shift = await shiftOf(page);
  return shift.shifted > stillness && tries > 1 ? stillestOf(page, screen, tries - 1) : shift;
}

/** Whether the page becomes as narrow as its window, once its charts have been drawn anew. */
const fits = (page: Page): Promise<boolean> =>
  untilTrue(
    page,
    "document.documentElement.scrollWidth <= document.documentElement.clientWidth",
    30_000,
  ).then(
    () => true,
    () => false,
  );

test("no screen moves what is read when an answer comes, nor is it wider than a phone of 390 pixels, or of 320", async () => {
  const restless: unknown[] = [];
  const wide: unknown[] = [];
  for (const screen of screens) {
    await phone.page.setViewportSize({ width: 390, height: 844 });
    for (const { page } of [desk, phone]) {
      const { shifted, moved } = await stillestOf(page, screen);
      if (shifted > stillness) restless.push([screen.name, page.viewportSize()?.width, shifted, moved]);
    }
    for (const width of [390, 320]) {
      await phone.page.setViewportSize({ width, height: 844 });
      if (!(await fits(phone.page))) wide.push([screen.name, width]);
    }
  }
  expect(restless).toEqual([]);
  expect(wide).toEqual([]);
});

test("on a phone the menu opens, leads to a screen and closes", async () => {
  const { page } = phone;
  await page.setViewportSize({ width: 390, height: 844 });
  const [start] = screens;
  if (start !== undefined) await open(page, start);
  await page.getByRole("button", { name: "Open menu" }).tap();
  await page.getByRole("link", { name: "People" }).tap();
  await titled(page, "People");
  expect(await page.getByRole("link", { name: "Events" }).isVisible()).toBe(false);
  await page.getByRole("button", { name: "Open menu" }).tap();
  await page.getByRole("button", { name: /^Account/ }).waitFor();
  await page.getByRole("button", { name: "Close menu" }).tap();
});

/** The preview of the connect page is a frame without scripts, so it refuses the script that watches for shifts. */
const isOwn = (line: string): boolean => /^Blocked script execution in '\S+\/connect-page\?/.test(line);

test("no screen asks another host, breaks its policy, or leaves an error or a warning in the console", async () => {
  const { headers } = await fetch(`${desk.system.server.url}/dashboard`);
  const policy = headers.get("content-security-policy") ?? "";
  expect(policy).toContain("script-src 'self';");
  for (const { origins, errors, warnings } of [desk, phone]) {
    expect([...origins]).toEqual([desk.system.server.url]);
    expect([...errors, ...warnings].filter((line) => !isOwn(line))).toEqual([]);
  }
});
