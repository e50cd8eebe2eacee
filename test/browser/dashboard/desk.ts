/** The dashboard of a whole server, in a real browser. */
import assert from "node:assert/strict";
import type { Browser, Page } from "playwright-core";
import { ensureDashboard } from "../../../src/dashboard/build.ts";
import { type System, startSystem } from "../../support/system.ts";
import { axeViolations, colorRules } from "../axe.ts";
import { launchChromium, openPage, untilTrue, type Watched } from "../chromium.ts";

export const account = { email: "ada@example.com", password: "correct horse battery" };

export interface Desk extends Watched {
  readonly system: System;
  readonly browser: Browser;
  /** Opens a screen of the environment and waits for its title. */
  open(path: string, title: string | RegExp): Promise<void>;
  /** Looks at the page with axe, in light and in dark, once something was done there, e.g. a dialog was opened. */
  expectAccessible(act?: (page: Page) => Promise<void>): Promise<void>;
  close(): Promise<void>;
}

/** Nobody is signed in yet; the page has a desk's width. `variables` configure providers besides Polar. */
export async function openDesk(variables: Readonly<Record<string, string>> = {}): Promise<Desk> {
  const opened = new AsyncDisposableStack();
  await ensureDashboard({ say: () => {} });
  const system = await startSystem(variables);
  opened.defer(() => system.close());
  const browser = await launchChromium();
  opened.defer(() => browser.close());
  const watched = await openPage(browser, {
    baseURL: system.server.url,
    viewport,
    // East of everybody: a screen that shows the browser's time instead of the record's is found out.
    timezoneId: "Pacific/Kiritimati",
  });
  return {
    ...watched,
    system,
    browser,
    open: async (path, title) => {
      await watched.page.goto(`/dashboard/e/${system.server.devId}/${path}`);
      await titled(watched.page, title);
    },
    expectAccessible: (act) =>
      expectAccessible({ desk: { ...watched, browser }, baseURL: system.server.url, act }),
    close: () => opened.disposeAsync(),
  };
}

const viewport = { width: 1360, height: 900 };

/** Returns the rows of a list of the admin API. */
export async function listOf<Row>(system: System, path: string): Promise<Row[]> {
  const answer = await system.admin("GET", path);
  return ((await answer.json()) as { data: Row[] }).data;
}

export const titled = (page: Page, title: string | RegExp): Promise<void> =>
  page.getByRole("heading", { level: 1, name: title }).waitFor();

/** Waits until the screen no longer says that it is loading. */
export const loaded = (page: Page): Promise<void> =>
  page.getByRole("status", { name: "Loading" }).first().waitFor({ state: "detached" });

/** Signs in with a password, on the page that asks for it. */
export async function signIn(page: Page, { email, password }: typeof account): Promise<void> {
  await page.getByLabel("E-mail").fill(email);
  await page.getByLabel("Password", { exact: true }).fill(password);
  await page.keyboard.press("Enter");
}

/**
 * The policy keeps axe's script out of the page under test: another page, without the policy, shows the same. Every
 * rule is run in light; in dark those about colours, the others judge the same page.
 */
async function expectAccessible({ desk, baseURL, act }: Looked): Promise<void> {
  const storageState = await desk.context.storageState();
  const heading = await desk.page.getByRole("heading", { level: 1 }).first().textContent();
  const options = { bypassCSP: true, storageState, viewport, baseURL, reducedMotion: "reduce" } as const;
  const { context, page } = await openPage(desk.browser, options);
  await page.goto(desk.page.url());
  await titled(page, heading ?? /./);
  await loaded(page);
  await act?.(page);
  for (const [colorScheme, rules] of [["light", []] as const, ["dark", colorRules] as const]) {
    await page.emulateMedia({ colorScheme });
    await stilled(page, colorScheme);
    const found = await axeViolations(page, rules);
    // A menu lies over the page, outside of its landmarks.
    const judged = act === undefined ? found : found.filter((line) => !line.startsWith("region at"));
    assert.deepEqual(judged, [], `${page.url()}, ${colorScheme}`);
  }
  await context.close();
}

/**
 * Waits until the colours are those of the scheme, and what comes in is there: half-way its contrast is less. Loaders
 * never end.
 */
async function stilled(page: Page, scheme: "light" | "dark"): Promise<void> {
  await untilTrue(
    page,
    `document.documentElement.dataset.mantineColorScheme === "${scheme}" &&
      document.getAnimations().every(({ playState, effect }) =>
        playState !== "running" || effect.getComputedTiming().iterations === Infinity)`,
  );
}

interface Looked {
  readonly desk: Watched & { readonly browser: Browser };
  readonly baseURL: string;
  readonly act: ((page: Page) => Promise<void>) | undefined;
}

/** Makes the first account as somebody does who has just started the server. */
export async function makeFirstAccount({ page, system }: Desk): Promise<void> {
  await page.goto("/dashboard");
  await page.getByLabel("Admin token").fill(system.server.adminToken);
  await page.getByLabel("E-mail").fill(account.email);
  await page.getByLabel("Password", { exact: true }).fill(account.password);
  await page.getByRole("button", { name: "Make account and sign in" }).click();
  await titled(page, "Start");
}
