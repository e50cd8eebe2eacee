/**
 * The browser of the browser tests: Debian's Chromium, driven by playwright-core. It is found at CHROME_PATH or in its
 * usual places, else installed where we are root on a Debian.
 */
import { existsSync } from "node:fs";
import {
  type Browser,
  type BrowserContext,
  type BrowserContextOptions,
  chromium,
  type Page,
} from "playwright-core";
import { aptInstall } from "../servers/support/install.ts";
import { waitFor } from "../support/wait.ts";

/** Debian's path comes first. */
const places = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];
/** Latin letters; a browser without any font draws empty boxes. */
const packages = ["chromium", "fonts-dejavu-core"];

/** How long a hook should wait for `launchChromium`: the first time it may install the browser. */
export const launchMs = 10 * 60_000;

/** Returns the browser's file, installed if necessary. @throws Error that says what to do */
export async function findChromium(): Promise<string> {
  const { CHROME_PATH } = process.env;
  if (CHROME_PATH) {
    if (existsSync(CHROME_PATH)) return CHROME_PATH;
    throw new Error(`CHROME_PATH names ${CHROME_PATH}, which is not there`);
  }
  const found = places.find((place) => existsSync(place));
  if (found !== undefined) return found;
  const [debians = ""] = places;
  const missing = await aptInstall(packages, () => existsSync(debians));
  if (missing === null) return debians;
  throw new Error(
    `Browser tests need Chromium. Install it (apt-get install ${packages.join(" ")}), or set CHROME_PATH to a Chromium or Chrome. ${missing.reason}`,
  );
}

export interface Launch {
  /** The environment of the browser's process, such as the fonts that it finds. */
  readonly environment?: NodeJS.ProcessEnv;
  /** Further arguments of the command line. */
  readonly args?: readonly string[];
}

export async function launchChromium({
  environment = process.env,
  args = [],
}: Launch = {}): Promise<Browser> {
  return chromium.launch({
    executablePath: await findChromium(),
    env: environment,
    // Chromium's sandbox does not start as root, and shared memory is small in containers.
    args: [...(process.getuid?.() === 0 ? ["--no-sandbox"] : []), "--disable-dev-shm-usage", ...args],
  });
}

/** The hidden errors of pages, and the origins they sent requests to. */
export interface Watched {
  readonly context: BrowserContext;
  readonly page: Page;
  /** Errors of scripts and of the console, which also shows violations of a Content-Security-Policy. */
  readonly errors: string[];
  /** Warnings of the console. */
  readonly warnings: string[];
  /** The origins that got a request. */
  readonly origins: Set<string>;
}

/** Opens a page in its own browser profile. */
export async function openPage(browser: Browser, options: BrowserContextOptions = {}): Promise<Watched> {
  const context = await browser.newContext(options);
  // Playwright's own thirty seconds are short on a machine that is busy with other tests.
  context.setDefaultTimeout(300_000);
  const page = await context.newPage();
  const errors: string[] = [];
  const warnings: string[] = [];
  const origins = new Set<string>();
  page.on("pageerror", (error) => errors.push(error.message));
  page.on("console", (message) => {
    // A page that answers with 404 is reported as an error too; tests see that by its content.
    const isPageItself = message.location().url === page.url();
    if (message.type() === "error" && !isPageItself) errors.push(message.text());
    if (message.type() === "warning") warnings.push(message.text());
  });
  context.on("request", (request) => origins.add(new URL(request.url()).origin));
  return { context, page, errors, warnings, origins };
}

/**
 * Waits until an expression is true in the page. Playwright's own `waitForFunction` repeats it by `eval` inside the page,
 * which the policy of our pages refuses: it works only where the first look succeeds.
 * @throws Error when it does not become true
 */
export async function untilTrue(page: Page, expression: string, limitMs?: number): Promise<void> {
  await waitFor(expression, () => page.evaluate<boolean>(expression), limitMs);
}
