/**
 * Memory of one server that does everything: it ingests twenty runs, serves them, acknowledges and fetches a
 * burst of notifications and delivers events. The floor is an empty Fastify process with a database pool,
 * after the same burst.
 */
import { addReceiver } from "./deliveries.ts";
import { signedNotifications } from "./notifications.ts";
import { openReader, readPath, runOften } from "./read.ts";
import type { Bench } from "./support/benchmark.ts";
import { startChild } from "./support/child.ts";
import { openLoader, type Prepared } from "./support/load.ts";
import type { Result } from "./support/report.ts";
import { compare } from "./support/rounds.ts";
import { openSystem } from "./support/test-bed.ts";

const burst = 1_000;
const concurrency = 32;
const events = 2_000;
const reads = 5;
/** Longer than threads without work stay. */
const idleMs = 35_000;
const mebibyte = 1_024 ** 2;

export async function benchMemory({ openTestBed, progress }: Bench): Promise<Result[]> {
  await using opened = new AsyncDisposableStack();
  const testBed = await openTestBed();
  progress("a server doing everything, and an empty one");
  const system = await openSystem(testBed, opened);
  const { systole, databaseUrl } = system;
  const floor = await startChild("insert", { DATABASE_URL: await testBed.createDatabase() });
  opened.defer(() => floor.stop());
  const notifications = await signedNotifications(testBed, system, burst);
  await runOften(system);
  const read = openReader(systole.url, readPath(system.person), opened);
  for (let count = 0; count < reads; count++) await read();
  await post(systole.url, notifications);
  await post(floor.url, notifications);
  const { deliver } = await addReceiver(testBed, systole, databaseUrl, opened);
  await deliver(events);
  progress(`${idleMs / 1_000} s of rest`);
  await new Promise((resolve) => setTimeout(resolve, idleMs));
  const [ours, bare] = [await systole.memory(), await floor.memory()];
  return [
    result("peak", ours.peakBytes, bare.peakBytes),
    result(`after ${idleMs / 1_000} s of rest`, ours.residentBytes, bare.residentBytes),
  ];
}

async function post(url: string, notifications: readonly Prepared[]): Promise<void> {
  const loader = openLoader(`${url}/v2/hooks/polar`, concurrency);
  await loader.post(notifications);
  await loader.close();
}

function result(what: string, ours: number, floor: number): Result {
  const once = [{ ours: ours / mebibyte, floor: floor / mebibyte }];
  const against = "an empty Fastify process after the same notifications";
  return { benchmark: "memory", what, unit: "MiB", ...compare(once, "lower"), against };
}
