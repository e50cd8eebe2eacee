/**
 * `npm run soak`: sends events to three destinations at once while everything breaks, then counts what
 * arrived. The table of events says what is due; the destinations are read without our own code.
 */
import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { sql } from "kysely";
import { changeDestination } from "../../src/delivery/activation.ts";
import { startTarget as startPostgresTarget } from "../../src/destinations/postgres/target.ts";
import { startTarget as startS3Target } from "../../src/destinations/s3/target.ts";
import { newWebhookSecret } from "../../src/destinations/webhook/signing.ts";
import { KeyRing } from "../../src/security/key-ring.ts";
import { directoryBodies } from "../../src/store/bodies/directory.ts";
import { openDatabase } from "../../src/store/database.ts";
import { createDestination } from "../../src/store/destinations.ts";
import { Queue } from "../../src/store/queue.ts";
import type { Store } from "../../src/store/store.ts";
import { postgres } from "../../test/servers/postgres.ts";
import { isUnavailable, releaseServers, useServer } from "../../test/servers/server.ts";
import { createEnvironment } from "../../test/support/database.ts";
import { Chance } from "./chance.ts";
import { type Emitted, emitSteadily, keyOf } from "./emitter.ts";
import { judge } from "./judge.ts";
import { mebibytes, watchMemory } from "./memory.ts";
import { parseOptions, type SoakOptions, usage } from "./options.ts";
import { SoakReceiver } from "./receiver.ts";
import { keep, type SoakReport, textOf } from "./report.ts";
import { openStoreTarget, type StoreTarget } from "./stores.ts";
import { count, every, type Tally, trouble } from "./trouble.ts";
import { SoakWorker } from "./workers.ts";

const killEveryMs = 3_000;
/** The share of the time in which events are written, so that the last of them meet failures too. */
const emitting = 0.85;
const drainMs = 15 * 60_000;
/** Longer than threads without work stay. */
const restMs = 35_000;

const say = (text: string): void => void process.stderr.write(`${text}\n`);

async function openSystole(directory: string, opened: AsyncDisposableStack) {
  const server = await useServer(postgres("postgres-soak"));
  opened.defer(() => releaseServers());
  if (isUnavailable(server)) throw new Error(server.reason);
  const secretKey = randomBytes(32);
  const databaseUrl = server.facts.url;
  const database = await openDatabase(databaseUrl);
  opened.defer(() => database.close());
  // Failures of the database are the purpose of this run; its users report them.
  const queue = await Queue.open(databaseUrl, () => {});
  opened.defer(() => queue.close());
  const bodies = directoryBodies(path.join(directory, "bodies"));
  const { db, aside } = database;
  const store: Store = { db, aside, queue, keyRing: new KeyRing(secretKey), bodies };
  return { server, store, env: { databaseUrl, secretKey, dataDirectory: directory } };
}

async function openStores(opened: AsyncDisposableStack): Promise<StoreTarget[]> {
  const starts = { postgres: startPostgresTarget, s3: startS3Target };
  const stores: StoreTarget[] = [];
  for (const [kind, start] of Object.entries(starts)) {
    const target = await start();
    if (isUnavailable(target)) throw new Error(`${kind}: ${target.reason}`);
    const store = await openStoreTarget(kind, target, keyOf);
    opened.defer(() => store.close());
    stores.push(store);
  }
  return stores;
}

async function soak(options: SoakOptions): Promise<SoakReport> {
  await using opened = new AsyncDisposableStack();
  const directory = await mkdtemp(path.join(os.tmpdir(), "systole-soak-"));
  opened.defer(() => rm(directory, { recursive: true, force: true }));
  say("bringing up the servers");
  const { server, store, env } = await openSystole(directory, opened);
  const receiver = await SoakReceiver.start();
  opened.defer(() => receiver.close());
  const stores = await openStores(opened);
  const { environmentId } = await createEnvironment(store);
  const kinds = [{ kind: "webhook", settings: { url: receiver.url, secret: newWebhookSecret() } }, ...stores];
  const ids: string[] = [];
  for (const { kind, settings } of kinds) {
    const given = { kind, settings, eventTypes: null, active: true };
    ids.push((await createDestination(store.db, store.keyRing, environmentId, given)).destination_id);
  }
  const killed = [new SoakWorker(env), new SoakWorker(env)];
  const steady = new SoakWorker(env, { isSteady: true });
  for (const worker of [...killed, steady]) opened.defer(() => worker.stop());
  const tally: Tally = new Map();
  const memory = watchMemory(steady);
  opened.defer(() => memory.stop());
  const emitted = await breakEverything(options, {
    store,
    environmentId,
    receiver,
    stores,
    killed,
    server,
    tally,
  });
  say("all is well again: waiting for what is on its way");
  const drained = await drain(store, environmentId, ids);
  memory.stop();
  say(`${restMs / 1_000} s of rest`);
  await pause(restMs);
  const restBytes = steady.residentBytes();
  const workers = [...killed, steady];
  const evidence = {
    store,
    wanted: options.events,
    receiver,
    stores,
    emitted,
    left: drained.left,
    workers,
    memory,
  };
  return {
    command: commandOf(options),
    postgres: server.version,
    servers: [`an HTTP receiver`, ...stores.map((target) => target.server)],
    checks: await judge(evidence),
    tally,
    facts: [
      ...(await factsOf(store, emitted, drained.seconds)),
      ["the worker that was never killed, at its largest", mebibytes(Math.max(...memory.samples))],
      [`the same after ${restMs / 1_000} s of rest`, restBytes === null ? "gone" : mebibytes(restBytes)],
    ],
  };
}

const commandOf = ({ minutes, events, seed }: SoakOptions): string =>
  `npm run soak -- --minutes ${minutes} --events ${events} --seed ${seed}`;

async function factsOf({ db }: Store, emitted: Emitted, drainSeconds: number): Promise<SoakReport["facts"]> {
  const { rows } = await sql<{ outcome: string; count: string }>`
    SELECT outcome, count(*) FROM attempts GROUP BY outcome ORDER BY outcome`.execute(db);
  return [
    ...rows.map(({ outcome, count: times }) => [`attempts that ended in "${outcome}"`, times] as const),
    ["transactions written again because the database was away", String(emitted.retries)],
    ["seconds from the end of all trouble to the last delivery", String(drainSeconds)],
  ];
}

interface Scene {
  readonly store: Store;
  readonly environmentId: string;
  readonly receiver: SoakReceiver;
  readonly stores: readonly StoreTarget[];
  readonly killed: readonly SoakWorker[];
  readonly server: { readonly version: string; restart(): Promise<void> };
  readonly tally: Tally;
}

async function breakEverything(options: SoakOptions, scene: Scene): Promise<Emitted> {
  const { store, environmentId, receiver, stores, killed, server, tally } = scene;
  const lengthMs = options.minutes * 60_000;
  const over = AbortSignal.timeout(lengthMs);
  const webhook = {
    name: "webhook",
    troubles: receiver.troubles,
    begin: receiver.begin.bind(receiver),
    end: receiver.end.bind(receiver),
  };
  const ills = [webhook, ...stores].map((troubled, index) =>
    trouble(troubled as StoreTarget, new Chance(options.seed + index), tally, over),
  );
  const chance = new Chance(options.seed - 1);
  const kills = every(killEveryMs, over, () => {
    chance.of(killed).kill();
    count(tally, "worker killed with -9");
  });
  const restarts = [0.33, 0.66].map(async (share) => {
    await pause(lengthMs * share);
    count(tally, "Systole's database killed and restarted");
    await server.restart();
  });
  let written = 0;
  const meter = setInterval(() => say(`${written} of ${options.events} events written`), 15_000);
  const emission = emitSteadily(() => store, environmentId, {
    count: options.events,
    overMs: lengthMs * emitting,
    progress: (now) => {
      written = now;
    },
  });
  const [emitted] = await Promise.all([emission, kills, ...ills, ...restarts]).finally(() =>
    clearInterval(meter),
  );
  return emitted as Emitted;
}

/**
 * Waits until nothing is pending. It activates the destinations as an operator would after a repair, so it
 * need not wait for the retry schedule.
 */
async function drain(
  store: Store,
  environmentId: string,
  ids: readonly string[],
): Promise<{ seconds: number; left: number }> {
  const began = performance.now();
  for (const destinationId of ids)
    await changeDestination(store, { environmentId, destinationId }, { active: true });
  for (;;) {
    const left = await countPending(store);
    const ms = performance.now() - began;
    if (left === 0 || ms > drainMs) return { seconds: Math.round(ms / 1_000), left };
    say(`${left} deliveries pending`);
    await pause(2_000);
  }
}

async function countPending({ db }: Store): Promise<number> {
  const { count: pending } = await db
    .selectFrom("deliveries")
    .select(({ fn }) => fn.countAll<string>().as("count"))
    .where("state", "=", "pending")
    .executeTakeFirstOrThrow();
  return Number(pending);
}

const options = parseOptions(process.argv.slice(2));
if (options === null) process.stdout.write(usage);
else {
  const report = await soak(options);
  const text = textOf(report);
  await new Promise((written) => process.stdout.write(text, written));
  if (options.keep) await keep(text);
  // An aborted socket can keep Node's own clean-up busy for ever.
  process.exit(report.checks.every(({ passed }) => passed) ? 0 : 1);
}
