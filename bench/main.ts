/**
 * `npm run bench`: measures speed as ratios to floors measured in the same run. README.md explains how to
 * read it. `npm run bench -- read memory` runs only those, `-- kinds:s3 kinds:kafka` parts of one; `--
 * --json` prints JSON instead of the table.
 */

import { releaseServers } from "../test/servers/server.ts";
import { benchApple } from "./apple.ts";
import { benchDashboard } from "./dashboard.ts";
import { benchDeliveries } from "./deliveries.ts";
import { benchEmit } from "./emit.ts";
import { benchFanOut } from "./fan-out.ts";
import { benchFhir, benchFit } from "./formats.ts";
import { benchIdlePlugins } from "./idle-plugins.ts";
import { benchKinds } from "./kinds.ts";
import { benchLatency } from "./latency.ts";
import { benchLists } from "./lists.ts";
import { benchMemory } from "./memory.ts";
import { benchNdjson } from "./ndjson.ts";
import { benchNormalize } from "./normalize.ts";
import { benchNotifications } from "./notifications.ts";
import { benchPeers } from "./peers.ts";
import { benchPolarV4 } from "./polar-v4.ts";
import { benchProviders } from "./providers.ts";
import { benchPushes } from "./pushes.ts";
import { benchRead } from "./read.ts";
import { benchRenormalize } from "./renormalize.ts";
import type { Bench, Benchmark } from "./support/benchmark.ts";
import { jsonOf, keepReport, makeReport, type Result, tableOf } from "./support/report.ts";
import { openTestBed, type TestBed } from "./support/test-bed.ts";
import { benchSync } from "./sync.ts";

const benchmarks: Readonly<Record<string, Benchmark>> = {
  normalize: benchNormalize,
  fhir: benchFhir,
  fit: benchFit,
  ndjson: benchNdjson,
  renormalize: benchRenormalize,
  apple: benchApple,
  pushes: benchPushes,
  notifications: benchNotifications,
  deliveries: benchDeliveries,
  emit: benchEmit,
  peers: benchPeers,
  "fan-out": benchFanOut,
  kinds: benchKinds,
  latency: benchLatency,
  read: benchRead,
  sync: benchSync,
  providers: benchProviders,
  "polar-v4": benchPolarV4,
  lists: benchLists,
  dashboard: benchDashboard,
  memory: benchMemory,
  "idle-plugins": benchIdlePlugins,
};

const say = (text: string): void => void process.stderr.write(`${text}\n`);

async function run(asked: readonly string[], asJson: boolean): Promise<void> {
  await using opened = new AsyncDisposableStack();
  opened.defer(() => releaseServers());
  let testBed: Promise<TestBed> | null = null;
  const open = (): Promise<TestBed> => {
    testBed ??= openTestBed().then((made) => opened.adopt(made, () => made.close()));
    return testBed;
  };
  // An interrupted run closes the test bed as a finished one does.
  const results = await Promise.race([measure(asked, open), interrupted()]);
  const report = makeReport(results, testBed === null ? null : (await open()).postgres);
  await keepReport(report);
  const text = asJson ? jsonOf(report) : tableOf(report);
  await new Promise((written) => process.stdout.write(text, written));
}

async function measure(asked: readonly string[], openTestBed: Bench["openTestBed"]): Promise<Result[]> {
  const results: Result[] = [];
  for (const [name, benchmark] of Object.entries(benchmarks)) {
    if (!asked.some((one) => nameOf(one) === name)) continue;
    const parts = asked.includes(name) ? [] : asked.flatMap((one) => partOf(one, name));
    results.push(...(await benchmark({ openTestBed, parts, progress: (text) => say(`${name}: ${text}`) })));
  }
  return results;
}

/** Returns the name of a benchmark: `kinds`, also of its part `kinds:kafka`. */
const nameOf = (asked: string): string => asked.split(":", 1)[0] as string;
const partOf = (asked: string, name: string): string[] =>
  asked.startsWith(`${name}:`) ? [asked.slice(name.length + 1)] : [];

/**
 * Rejects at the first signal. A terminal and npm both send one, and the second must not end the clean-up
 * half-way.
 */
const interrupted = (): Promise<never> =>
  new Promise((_, reject) => {
    for (const signal of ["SIGINT", "SIGTERM"] as const) {
      process.on(signal, () => reject(new Error(`ended by ${signal}`)));
    }
  });

const args = process.argv.slice(2);
const asked = args.filter((arg) => arg !== "--json");
const unknown = asked.filter((name) => !Object.hasOwn(benchmarks, nameOf(name)));
if (unknown.length > 0) {
  say(`There is no benchmark ${unknown.join(", ")}; there are ${Object.keys(benchmarks).join(", ")}.`);
  process.exitCode = 2;
} else {
  try {
    await run(asked.length > 0 ? asked : Object.keys(benchmarks), args.includes("--json"));
    // An aborted socket can keep Node's own clean-up busy for ever.
    process.exit();
  } catch (error) {
    say(error instanceof Error ? (error.stack ?? error.message) : String(error));
    // Interrupted work may wait for ever for servers that have ended.
    process.exit(1);
  }
}
