/**
 * The dashboard in a browser that has never been there: how soon the sign-in page paints. The floor is the server's
 * own page at `/`, plain HTML, in the same browser.
 */
import type { Browser } from "playwright-core";
import { ensureDashboard } from "../src/dashboard/build.ts";
import { launchChromium, untilTrue } from "../test/browser/chromium.ts";
import type { Bench } from "./support/benchmark.ts";
import type { Result } from "./support/report.ts";
import { compare, takeTurns } from "./support/rounds.ts";

const rounds = 9;

/** Milliseconds of the browser's own performance API, and the layout shift, which has no unit. */
interface Paints {
  readonly first: number;
  readonly largest: number;
  readonly blocked: number;
  readonly shift: number;
}

const measures = {
  first: "first contentful paint",
  largest: "largest contentful paint",
} as const satisfies Partial<Record<keyof Paints, string>>;

export async function benchDashboard({ openTestBed, progress }: Bench): Promise<Result[]> {
  await using opened = new AsyncDisposableStack();
  const testBed = await openTestBed();
  await ensureDashboard({ say: progress });
  const systole = await testBed.startSystole(await testBed.createDatabase(), { SYSTOLE_ROLES: "api" });
  opened.defer(() => systole.stop());
  const browser = await launchChromium();
  opened.defer(() => browser.close());
  const results: Result[] = [];
  for (const [measure, what] of Object.entries(measures)) {
    progress(`${rounds} rounds: ${what}`);
    const turns = await takeTurns(
      rounds,
      async () => (await load(browser, `${systole.url}/dashboard`))[measure as keyof typeof measures],
      async () => (await load(browser, systole.url))[measure as keyof typeof measures],
    );
    const against = "the server's own page at /, plain HTML";
    results.push({ benchmark: "dashboard", what, unit: "ms", ...compare(turns, "lower"), against });
  }
  const { blocked, shift } = await load(browser, `${systole.url}/dashboard`);
  progress(`total blocking time ${Math.round(blocked)} ms, layout shift ${shift.toFixed(3)}`);
  return results;
}

const watch = `
  globalThis.paints = { first: 0, largest: 0, blocked: 0, shift: 0 };
  const each = (type, tell) => new PerformanceObserver((list) => list.getEntries().forEach(tell))
    .observe({ type, buffered: true });
  each("paint", ({ name, startTime }) => { if (name === "first-contentful-paint") paints.first = startTime; });
  each("largest-contentful-paint", ({ startTime }) => { paints.largest = startTime; });
  each("longtask", ({ duration }) => { paints.blocked += Math.max(0, duration - 50); });
  each("layout-shift", ({ value }) => { paints.shift += value; });`;

/** Loads a page with an empty cache. */
async function load(browser: Browser, url: string): Promise<Paints> {
  const context = await browser.newContext();
  try {
    const page = await context.newPage();
    await page.addInitScript(watch);
    await page.goto(url);
    await page.waitForLoadState("networkidle");
    await untilTrue(page, "paints.largest > 0");
    return await page.evaluate("paints");
  } finally {
    await context.close();
  }
}
