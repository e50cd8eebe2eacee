/**
 * Latency from Polar's notification to the receiver, including fetching, normalising, writing and sending: on
 * an idle system, then at 70 % of its capacity, then both again while a million deliveries wait for a dead
 * destination. The floor of the latter is the same system without them.
 */
import { randomUUID } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import { sql } from "kysely";
import { addWebhook } from "../src/demo/person.ts";
import { createDestination } from "../src/store/destinations.ts";
import { freePort } from "../src/store/embedded/free-port.ts";
import { firstEnvironment } from "../src/store/environments.ts";
import type { Store } from "../src/store/store.ts";
import { waitFor } from "../test/support/wait.ts";
import type { Bench } from "./support/benchmark.ts";
import { hourOfRunning } from "./support/hour.ts";
import type { Result } from "./support/report.ts";
import { quantile, spread } from "./support/rounds.ts";
import { Stopwatch } from "./support/stopwatch.ts";
import { openSystem, type System } from "./support/test-bed.ts";

const backlog = 1_000_000;
const idle = { uploads: 100 };
const capacity = { uploads: 200, sideBySide: 8 };
const busy = { share: 0.7, seconds: 20 };
const warmUp = 20;
/** The time after which a dead destination is paused; its detection is not measured. */
const settleMs = 5_000;
const hourMs = 3_600_000;

interface Figures {
  readonly p50Ms: number;
  readonly p99Ms: number;
}

export async function benchLatency({ openTestBed, progress }: Bench): Promise<Result[]> {
  await using opened = new AsyncDisposableStack();
  const testBed = await openTestBed();
  progress("starting a testBed");
  const system = await openSystem(testBed, opened);
  const store = await testBed.openStore(system.databaseUrl, opened);
  const watch = await Stopwatch.start();
  opened.defer(() => watch.close());
  await addWebhook(system.server, watch.url);
  await liftRateLimit(system);
  const course = new Course(system, watch);
  await course.inTurn(warmUp);

  progress(`${idle.uploads} uploads, one after the other`);
  const alone = await course.inTurn(idle.uploads);
  progress("finding out how many uploads a second the testBed can do");
  const perSecond = (await course.asFastAs(capacity.uploads, capacity.sideBySide)) * busy.share;
  progress(`${busy.seconds} s of ${perSecond.toFixed(1)} uploads a second`);
  const loaded = await course.atRate(perSecond, busy.seconds);

  progress(`parking ${backlog.toLocaleString("en")} deliveries for a dead destination`);
  await parkBacklog(store);
  await pause(settleMs);
  const aloneWithBacklog = await course.inTurn(idle.uploads);
  const loadedWithBacklog = await course.atRate(perSecond, busy.seconds);
  const rate = `${perSecond.toFixed(0)}/s, 70 % of capacity`;
  return [
    ...resultsOf("idle", alone, alone, "itself"),
    ...resultsOf(`at ${rate}`, loaded, alone, "idle"),
    ...resultsOf(
      "idle, 1,000,000 waiting for a dead destination",
      aloneWithBacklog,
      alone,
      "the same without them",
      1.2,
    ),
    ...resultsOf(`at ${rate}, 1,000,000 waiting`, loadedWithBacklog, loaded, "the same without them", 1.2),
  ];
}

function resultsOf(when: string, ours: Figures, floor: Figures, against: string, aim?: number): Result[] {
  const one = (value: number) => spread([value]);
  return (["p50Ms", "p99Ms"] as const).map((figure) => ({
    benchmark: "latency",
    what: `notification to receiver, ${figure.slice(0, 3)}, ${when}`,
    unit: "ms",
    ours: one(ours[figure]),
    floor: one(floor[figure]),
    ratio: one(ours[figure] / floor[figure]),
    against,
    ...(aim !== undefined && { aim }),
  }));
}

/** Lifts Polar's limit for one user, 520 calls in a quarter of an hour, which is not measured here. */
async function liftRateLimit({ server }: System): Promise<void> {
  const body = JSON.stringify({ kind: "rate-limit", short: 1_000_000, long: 1_000_000 });
  const init = { method: "POST", headers: { "content-type": "application/json" }, body };
  const answer = await fetch(`${server.sandboxUrl}/_sandbox/faults`, init);
  if (!answer.ok) throw new Error(`The sandbox answered ${answer.status}: ${await answer.text()}`);
}

/** Uploads to the sandbox, each a workout of its own, timed until the receiver has it. */
class Course {
  readonly #system: System;
  readonly #watch: Stopwatch;
  #number = 0;

  constructor(system: System, watch: Stopwatch) {
    this.#system = system;
    this.#watch = watch;
  }

  async inTurn(count: number): Promise<Figures> {
    const times: number[] = [];
    for (let n = 0; n < count; n++) times.push(await this.#upload());
    return figuresOf(times);
  }

  /** Returns uploads per second. */
  async asFastAs(count: number, sideBySide: number): Promise<number> {
    const began = performance.now();
    let left = count;
    const one = async (): Promise<void> => {
      while (left-- > 0) await this.#upload();
    };
    await Promise.all(Array.from({ length: sideBySide }, one));
    return count / ((performance.now() - began) / 1_000);
  }

  /** Uploads at a fixed rate, whether or not earlier ones have arrived. */
  async atRate(perSecond: number, seconds: number): Promise<Figures> {
    const began = performance.now();
    const times: Promise<number>[] = [];
    for (let n = 0; n < perSecond * seconds; n++) {
      await pause(Math.max(0, began + (n * 1_000) / perSecond - performance.now()));
      times.push(this.#upload());
    }
    return figuresOf(await Promise.all(times));
  }

  async #upload(): Promise<number> {
    const id = `lap${++this.#number}`;
    const { server, person } = this.#system;
    const body = workout(id, this.#number);
    const began = performance.now();
    const arrived = this.#watch.arrival(id);
    const url = `${server.sandboxUrl}/_sandbox/users/${person.sandboxUserId}/exercises`;
    const answer = await fetch(url, { method: "PUT", body });
    if (!answer.ok) throw new Error(`The sandbox answered ${answer.status}: ${await answer.text()}`);
    await answer.text();
    return (await arrived) - began;
  }
}

/** Returns a workout of half a minute, an hour after the one before: of those that are close, each would be compared with all. */
function workout(id: string, number: number): string {
  const run = JSON.parse(hourOfRunning(number, { lengthMs: 30_000 }));
  const start = new Date(Date.UTC(2026, 0, 1) + number * hourMs).toISOString().slice(0, 19);
  return JSON.stringify({ ...run, id, start_time: start, samples: [] });
}

function figuresOf(times: readonly number[]): Figures {
  const sorted = [...times].sort((a, b) => a - b);
  return { p50Ms: quantile(sorted, 0.5), p99Ms: quantile(sorted, 0.99) };
}

/** Parks a backlog as a day of failures would have left it. */
async function parkBacklog(store: Store): Promise<void> {
  const { db, keyRing } = store;
  const environment = await firstEnvironment(db);
  if (environment === null) throw new Error("Systole made no environment");
  const settings = { url: `http://127.0.0.1:${await freePort()}/`, secret: randomUUID() };
  const given = { kind: "webhook", settings, eventTypes: null, active: true };
  const { destination_id } = await createDestination(db, keyRing, environment.environment_id, given);
  await sql`
    INSERT INTO deliveries (environment_id, delivery_id, event_id, destination_id, state, parked, created_at)
    SELECT environment_id, uuidv7(), event_id, ${destination_id}, 'pending', true, now()
    FROM generate_series(1, ${backlog}), (SELECT * FROM events LIMIT 1) one`.execute(db);
  await sql`UPDATE destinations SET failing_since = now() - interval '10 minutes', wake_at = now()
    WHERE destination_id = ${destination_id}`.execute(db);
  await sql`ANALYZE deliveries`.execute(db);
  await waitFor("the backlog to be looked at", async () => {
    const { rows } = await sql`SELECT FROM destinations WHERE destination_id = ${destination_id}
      AND wake_at > now()`.execute(db);
    return rows.length > 0;
  });
}
