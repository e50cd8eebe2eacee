/**
 * `npm run demo`: the server, the sandboxes, a person who connects a device of each, 28 days of data, and a receiver that
 * prints what arrives. Everything is real except the providers, which are their sandboxes.
 */
import { existsSync } from "node:fs";
import { rm } from "node:fs/promises";
import path from "node:path";
import { aborted } from "../cli/stop-signal.ts";
import { type Config, loadConfig } from "../config.ts";
import { ensureDashboard } from "../dashboard/build.ts";
import { openSandboxes } from "../open-sandbox.ts";
import type { NamedSandbox } from "../sandbox/start.ts";
import { newSecret } from "../security/secrets.ts";
import { startEmbedded } from "../store/embedded/server.ts";
import { startSystole } from "../systole.ts";
import { createLogger } from "../telemetry/log.ts";
import { Arrivals } from "./arrivals.ts";
import { printClosing } from "./closing.ts";
import { addWebhook, type DemoPerson, type DemoServer } from "./person.ts";
import { startReceiver } from "./receiver.ts";
import { Screen } from "./screen.ts";
import { demonstrated, type Shown } from "./shown.ts";
import { openAccount } from "./sign-in-url.ts";
import { type Syncing, syncPerson } from "./sync-person.ts";

const arrivalsMs = 600_000;
const webhookMs = 20_000;

export interface DemoOptions {
  /** Ends after one activity, one daily and one sleep have arrived with a valid signature. */
  readonly once: boolean;
  readonly out: NodeJS.WriteStream;
  readonly env: NodeJS.ProcessEnv;
  /** Ends the demo early. */
  readonly signal: AbortSignal;
}

type Demo = Opened & Syncing;

/** Resolves to the exit code. */
export async function runDemo({ once, out, env, signal }: DemoOptions): Promise<number> {
  const screen = new Screen(out);
  const arrivals = new Arrivals(screen);
  await using opened = new AsyncDisposableStack();
  try {
    screen.print("Starting a PostgreSQL, Systole, and the sandboxes …");
    // Nobody looks at the dashboard of a demo that ends by itself.
    const dashboard = once ? null : buildMeanwhile(screen, signal);
    const demo = { ...(await openDemo({ env, screen, signal }, opened)), screen, arrivals, signal };
    const person = await syncFirst(demo, opened);
    if (dashboard === null) return await endWithFirst(demo);
    await syncOthers(demo);
    return await goOn(demo, person, dashboard);
  } catch (error) {
    if (!signal.aborted) throw error;
    screen.endProgress();
    screen.print(`\nStopped early. ${arrivals.summary()}.`);
    return 130;
  }
}

const untilTimeout = (signal: AbortSignal): AbortSignal =>
  AbortSignal.any([signal, AbortSignal.timeout(arrivalsMs)]);

/** Ends when an activity, a day and a night have arrived. */
async function endWithFirst({ screen, arrivals, signal }: Demo): Promise<number> {
  const isThere = await arrivals.wait("first", untilTimeout(signal));
  screen.endProgress();
  signal.throwIfAborted();
  return report(screen, arrivals, isThere);
}

/** Leads to the dashboard as soon as there is something to see, and runs until Ctrl-C. */
async function goOn(demo: Demo, person: DemoPerson, dashboard: Promise<void>): Promise<number> {
  const { screen, arrivals, server, signal } = demo;
  const waiting = untilTimeout(signal);
  await arrivals.wait("any", waiting);
  await dashboard;
  signal.throwIfAborted();
  const newLink = await openAccount(server);
  screen.print(
    `\nThere is something to see already, in the dashboard (this link works once):\n\n  ${await newLink()}\n`,
  );
  const complete = await arrivals.wait("all", waiting);
  screen.endProgress();
  signal.throwIfAborted();
  // The demo goes on after the limit: the link was printed, and a person may be using the dashboard.
  if (!complete) screen.print("\nNot everything has arrived yet; the rest arrives in the background.");
  arrivals.becomeQuiet();
  const outcome = { person, summary: arrivals.summary(), signInUrl: await newLink() };
  printClosing(screen, server, outcome);
  await aborted(signal);
  screen.print(`\nStopping. ${arrivals.summary()}.`);
  return 0;
}

/** Builds the dashboard while data arrives: the server reads the build when somebody opens it first. */
function buildMeanwhile(screen: Screen, signal: AbortSignal): Promise<void> {
  const say = (line: string): void => {
    if (!signal.aborted) screen.print(line);
  };
  const building = ensureDashboard({ say, signal });
  // If the demo ends early, nobody waits for it.
  building.catch(() => {});
  return building;
}

/** Connects the first person and syncs their watch, with the receiver listening. */
async function syncFirst(demo: Demo, opened: AsyncDisposableStack): Promise<DemoPerson> {
  const { screen, arrivals, server, shown, signal } = demo;
  const receiver = await startReceiver((event) => arrivals.add(event));
  opened.defer(() => receiver.close());
  receiver.secret = await addWebhook(server, receiver.url);
  screen.print(`Receiver   ${receiver.url}  (verifies every signature)\n`);
  signal.throwIfAborted();
  return syncPerson(demo, shown[0]);
}

/** Does the same for the other devices of the person. */
async function syncOthers(demo: Demo): Promise<void> {
  const [, ...others] = demo.shown;
  for (const one of others) await syncPerson(demo, one);
}

function report(screen: Screen, arrivals: Arrivals, complete: boolean): number {
  screen.print(
    complete ? `\nDone: ${arrivals.summary()}.` : `\nNot everything arrived: ${arrivals.summary()}.`,
  );
  return complete && arrivals.allVerified ? 0 : 1;
}

/** The servers of the demo. */
interface Opened {
  readonly server: DemoServer;
  readonly shown: readonly [Shown, ...Shown[]];
}

async function openDemo(
  { env, screen, signal }: Pick<DemoOptions, "env" | "signal"> & { readonly screen: Screen },
  opened: AsyncDisposableStack,
): Promise<Opened> {
  const config = demoConfig(env);
  await clearDirectory(config.SYSTOLE_DATA_DIR, signal);
  const sandboxes = await openSandboxes({ port: config.SANDBOX_PORT });
  opened.defer(() => sandboxes.close());
  const shown = demonstrated(sandboxes);
  const credentials = { devId: "demo", apiKey: newSecret(), adminToken: newSecret() };
  const settings: Config = {
    ...config,
    SYSTOLE_DEV_ID: credentials.devId,
    SYSTOLE_API_KEY: credentials.apiKey,
    SYSTOLE_ADMIN_TOKEN: credentials.adminToken,
  };
  const log = createLogger(env.SYSTOLE_LOG_LEVEL ?? "silent");
  const systole = await startSystole(settings, log, { ...sandboxes.variables }, signal);
  opened.defer(() => systole.close());
  screen.print(
    `Systole    ${systole.publicUrl}\nSandbox    ${sandboxes.url}  (plays ${shown.map(({ displayName }) => displayName).join(", ")})`,
  );
  for (const { sandbox } of shown) await subscriptionIsActive(sandbox, signal);
  const { provider } = shown[0];
  return {
    server: { url: systole.publicUrl, sandboxUrl: sandboxes.url, provider, ...credentials },
    shown,
  };
}

/**
 * Returns the configuration of the demo's own data directory and database: a real installation's are never
 * touched.
 */
function demoConfig(env: NodeJS.ProcessEnv): Config {
  const { DATABASE_URL: _, SYSTOLE_SECRET_KEY: __, SYSTOLE_PUBLIC_URL: ___, ...rest } = env;
  const config = loadConfig(rest);
  return {
    ...config,
    SYSTOLE_DATA_DIR: path.join(config.SYSTOLE_DATA_DIR, "demo"),
    SYSTOLE_PUBLIC_URL: `http://127.0.0.1:${config.SYSTOLE_PORT}`,
    SYSTOLE_HOST: "127.0.0.1",
    SYSTOLE_ALLOW_PRIVATE_DESTINATIONS: true,
    SYSTOLE_ROLES: ["api", "worker"],
  };
}

/** Stops the database server of a demo that was killed, and then deletes its files. */
async function clearDirectory(directory: string, signal: AbortSignal): Promise<void> {
  if (!existsSync(directory)) return;
  if (existsSync(path.join(directory, "postgres"))) await (await startEmbedded(directory, signal)).stop();
  await rm(directory, { recursive: true, force: true });
}

/** Waits for the webhook that Systole creates at the provider, a moment after it listens. */
async function subscriptionIsActive(sandbox: NamedSandbox, signal: AbortSignal): Promise<void> {
  const deadline = Date.now() + webhookMs;
  while (Date.now() < deadline) {
    signal.throwIfAborted();
    if (sandbox.isSubscribed()) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error("The webhook at the sandbox did not become active");
}
