/** Every connect page in every language: accessible, whole at 320 pixels, light and dark, small, from one host. */
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { languages } from "../../../src/providers/provider.ts";
import { axeViolations, colorRules } from "../axe.ts";
import { launchChromium, launchMs, openPage, type Watched } from "../chromium.ts";
import { brand, giveBrand, type Stage, startStage } from "./stage.ts";
import { type View, views } from "./views.ts";

let browser: Browser;
let stage: Stage;
beforeAll(async () => {
  browser = await launchChromium();
  stage = await startStage();
  await giveBrand(stage);
}, launchMs);
afterAll(async () => {
  await stage?.close();
  await browser?.close();
});

const names = Object.keys(views) as View[];
const narrow = { viewport: { width: 320, height: 640 }, bypassCSP: true };

/** What a person reads on the page, piece by piece. */
const textsOf = (page: Page): Promise<string[]> =>
  page.evaluate(`(() => {
    const texts = [document.title];
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
      const node = walker.currentNode;
      const text = node.textContent.trim();
      if (text !== "" && node.parentElement.closest("script, code, select") === null) texts.push(text);
    }
    for (const element of document.querySelectorAll("[placeholder], [aria-label]")) {
      texts.push(element.getAttribute("placeholder") ?? "", element.getAttribute("aria-label") ?? "");
    }
    return texts;
  })()`);

/** Elements that stick out of the page. */
const cutOff = (page: Page): Promise<string[]> =>
  page.evaluate(`[...document.querySelectorAll("body *:not(script, style, .unseen)")]
    .filter((element) => element.getBoundingClientRect().right > innerWidth + 0.5)
    .map((element) => element.outerHTML.slice(0, 80))`);

const english = new Map<View, string[]>();

/** Names, and what has no words in it. */
const isSame = (text: string): boolean =>
  /^[^\p{L}]*$/u.test(text) ||
  /^(Morgenlauf|Apple Health|Health Auto Export|Polar|Tideline|Relay|Keyed|Duo|Garmin|Inlet|[A-Z])$/.test(
    text,
  );

async function expectAccessible(page: Page): Promise<void> {
  await page.emulateMedia({ colorScheme: "light" });
  expect(await axeViolations(page)).toEqual([]);
  await page.emulateMedia({ colorScheme: "dark" });
  expect(await axeViolations(page, colorRules)).toEqual([]);
}

describe.each(languages)("in %s", (language) => {
  let watched: Watched;
  beforeAll(async () => {
    watched = await openPage(browser, { ...narrow, locale: language });
  });
  afterAll(() => watched?.context.close());

  it.each(names)("%s passes axe, light and dark, and fits 320 pixels", async (view) => {
    const { page, origins } = watched;
    await views[view]({ stage, page, language });
    expect(await page.locator("html").getAttribute("lang")).toBe(language);
    await expectAccessible(page);
    expect(await cutOff(page)).toEqual([]);
    const texts = await textsOf(page);
    if (language === "en") english.set(view, texts);
    else expect(texts.filter((text) => english.get(view)?.includes(text) && !isSame(text))).toEqual([]);
    expect([...origins].filter((origin) => ![stage.url, stage.duo.url].includes(origin))).toEqual([]);
  });
});

describe("a page", () => {
  it.each(names)(
    "%s keeps its policy and weighs under 60 kB, with a logo of the largest size",
    async (view) => {
      const [head = "", content = ""] = brand.logo.split(",");
      const largest = Buffer.concat([Buffer.from(content, "base64"), Buffer.alloc(24 * 1024)]);
      await giveBrand(stage, { logo: `${head},${largest.subarray(0, 24 * 1024).toString("base64")}` });
      const { context, page, errors } = await openPage(browser, { viewport: { width: 390, height: 844 } });
      // A logo is the page's icon too; it is sent once, since it may be cached.
      const bytesBy = new Map<string, number>();
      page.on("response", async (response) => {
        if (response.request().isNavigationRequest()) bytesBy.clear();
        if (response.status() >= 300 && response.status() < 400) return;
        // The body of a page that was left meanwhile is gone, and not part of the page that is weighed.
        const body = await response.body().catch(() => null);
        if (body === null) return;
        bytesBy.set(response.url(), body.length + Object.entries(response.headers()).join("").length);
      });
      await views[view]({ stage, page, language: "en" });
      await page.waitForLoadState("networkidle");
      expect(errors).toEqual([]);
      const bytes = [...bytesBy.values()].reduce((sum, one) => sum + one, 0);
      expect(bytes).toBeGreaterThan(1_000);
      expect(bytes).toBeLessThan(60_000);
      await context.close();
      await giveBrand(stage);
    },
  );

  it("has no policy that lets inline scripts or styles run", async () => {
    const { headers } = await fetch(await stage.link());
    const policy = headers.get("content-security-policy") ?? "";
    expect(policy).toMatch(
      /^default-src 'none'; style-src 'sha256-[^' ]+'; script-src 'sha256-[^' ]+'; img-src 'self';/,
    );
    expect(policy).not.toContain("unsafe");
  });
});

describe("a developer's colour", () => {
  it.each(["#ffff00", "#000000", "#8a8a8a"])("%s is legible on both grounds", async (color) => {
    await giveBrand(stage, { color });
    const { context, page } = await openPage(browser, narrow);
    for (const view of ["choose", "share-choice", "connected"] as const) {
      await views[view]({ stage, page, language: "en" });
      for (const colorScheme of ["light", "dark"] as const) {
        await page.emulateMedia({ colorScheme });
        expect(await axeViolations(page, colorRules), `${view}, ${colorScheme}`).toEqual([]);
      }
    }
    await context.close();
    await giveBrand(stage);
  });
});

it("without a developer's name, logo and colour every page still says who is meant", async () => {
  await giveBrand(stage, { name: null, color: null, logo: null });
  const { context, page } = await openPage(browser, { ...narrow, locale: "en" });
  await views.choose({ stage, page, language: "en" });
  expect(await page.locator(".soft").first().innerText()).toMatch(/^The app you came from would like/);
  await views.share({ stage, page, language: "en" });
  expect(await page.locator("h1").innerText()).toBe("Share your Polar data with the app");
  expect(await axeViolations(page)).toEqual([]);
  await context.close();
  await giveBrand(stage);
});
