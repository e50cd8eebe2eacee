/** The dashboard of a whole server, in a real browser. */
import assert from "node:assert/strict";
import type { Browser, Page } from "playwright-core";
import { ensureDashboard } from "../../../src/dashboard/build.ts";
import { type System, startSystem } from "../../support/system.ts";
import { axeViolations } from "../axe.ts";
import { launchChromium, openPage, type Watched } from "../chromium.ts";

export const account = { email: "ada@example.com", password: "correct horse battery" };

export interface Desk extends Watched {
  readonly system: System;
  readonly browser: Browser;
  /** Opens a screen of the environment and waits for its title. */
  open(path: string, title: string | RegExp): Promise<void>;
  /** Looks at the page with axe, in light and in dark. */
  expectAccessible(): Promise<void>;
  close(): Promise<void>;
}

/** Nobody is signed in yet; the page has a desk's width. */
export async function openDesk(): Promise<Desk> {
  const opened = new AsyncDisposableStack();
  await ensureDashboard({ say: () => {} });
  const system = await startSystem();
  opened.defer(() => system.close());
  const browser = await launchChromium();
  opened.defer(() => browser.close());
  const watched = await openPage(browser, {
    baseURL: system.server.url,
    viewport,
    // East of everybody: a screen that shows the browser's time instead of the record's is found out.
    timezoneId: "Pacific/Kiritimati",
  });
  watched.page.setDefaultTimeout(120_000);
  return {
    ...watched,
    system,
    browser,
    open: async (path, title) => {
      await watched.page.goto(`/dashboard/e/${system.server.devId}/${path}`);
      await titled(watched.page, title);
    },
    expectAccessible: () => expectAccessible(browser, watched, system.server.url),
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

/** The policy keeps axe's script out of the page under test: another page, without the policy, shows the same. */
async function expectAccessible(
  browser: Browser,
  { page, context }: Watched,
  baseURL: string,
): Promise<void> {
  const storageState = await context.storageState();
  const heading = await page.getByRole("heading", { level: 1 }).first().textContent();
  for (const colorScheme of ["light", "dark"] as const) {
    const options = {
      bypassCSP: true,
      colorScheme,
      storageState,
      viewport,
      baseURL,
      reducedMotion: "reduce",
    } as const;
    const looked = await openPage(browser, options);
    await looked.page.goto(page.url());
    await titled(looked.page, heading ?? /./);
    await loaded(looked.page);
    assert.deepEqual(await axeViolations(looked.page), [], `${page.url()}, ${colorScheme}`);
    await looked.context.close();
  }
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
