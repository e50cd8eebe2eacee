/**
 * Deliveries per second to each kind of destination, on its real server: from the first event's INSERT until
 * the last delivery is stored as delivered. The floor is a bare loop over the kind's own client, which sends
 * the same server the same bytes, one event after the other (floors/).
 */
import { FaultyProxy } from "../src/destinations/conformance/proxy.ts";
import type { Place, Target } from "../src/destinations/conformance/target.ts";
import { type DestinationKind, loadDestination } from "../src/destinations/registry.ts";
import { createDestination } from "../src/store/destinations.ts";
import { firstEnvironment } from "../src/store/environments.ts";
import type { Store } from "../src/store/store.ts";
import { isUnavailable, releaseServers, type Unavailable } from "../test/servers/server.ts";
import type { Bench } from "./support/benchmark.ts";
import { startChild } from "./support/child.ts";
import { bodyBytes, deliverEvents } from "./support/emission.ts";
import type { Result } from "./support/report.ts";
import { compare, takeTurns } from "./support/rounds.ts";
import type { TestBed } from "./support/test-bed.ts";

const rounds = 3;
/** The aimed share of the loop's rate is 0.6, and 0.8 for kinds that take batches. */
const aims = { singly: 1.67, batched: 1.25 };

interface Kind {
  startTarget(): Promise<Target | Unavailable>;
  /** The loop's work for an event. */
  readonly against: string;
  /** Events in a round, for ours and for the loop: both take about the same time. */
  readonly perRound: number;
  readonly perFloorRound: number;
}

const kinds: Readonly<Partial<Record<DestinationKind, Kind>>> = {
  webhook: {
    startTarget: async () => (await import("../src/destinations/webhook/target.ts")).startTarget(),
    against: "undici: POST",
    perRound: 1_000,
    perFloorRound: 1_000,
  },
  postgres: {
    startTarget: async () => (await import("../src/destinations/postgres/target.ts")).startTarget(),
    against: "pg: INSERT",
    perRound: 1_000,
    perFloorRound: 500,
  },
  mysql: {
    startTarget: async () => (await import("../src/destinations/mysql/target.ts")).startTarget(),
    against: "mysql2: INSERT",
    perRound: 1_000,
    perFloorRound: 500,
  },
  mongodb: {
    startTarget: async () => (await import("../src/destinations/mongodb/target.ts")).startTarget(),
    against: "mongodb: insertOne",
    perRound: 1_000,
    perFloorRound: 500,
  },
  firestore: {
    startTarget: async () => (await import("../src/destinations/firestore/target.ts")).startTarget(),
    against: "@google-cloud/firestore: create",
    perRound: 500,
    perFloorRound: 200,
  },
  supabase: {
    startTarget: async () => (await import("../src/destinations/supabase/target.ts")).startTarget(),
    against: "fetch: an object, postgrest-js: its row",
    perRound: 300,
    perFloorRound: 150,
  },
  s3: {
    startTarget: async () => (await import("../src/destinations/s3/target.ts")).startTarget(),
    against: "@aws-sdk/client-s3: PutObject",
    perRound: 500,
    perFloorRound: 150,
  },
  gcs: {
    startTarget: async () => (await import("../src/destinations/gcs/target.ts")).startTargetOnDisk(),
    against: "@google-cloud/storage: save",
    perRound: 500,
    perFloorRound: 300,
  },
  "azure-blob": {
    startTarget: async () => (await import("../src/destinations/azure-blob/target.ts")).startTarget(),
    against: "@azure/storage-blob: upload",
    perRound: 500,
    perFloorRound: 300,
  },
  sqs: {
    startTarget: async () => (await import("../src/destinations/sqs/target.ts")).startTarget(),
    against: "@aws-sdk/client-sqs: SendMessage",
    perRound: 1_000,
    perFloorRound: 300,
  },
  kafka: {
    startTarget: async () => (await import("../src/destinations/kafka/target.ts")).startTarget(),
    against: "@platformatic/kafka: send",
    perRound: 1_000,
    perFloorRound: 500,
  },
};

export async function benchKinds({ openTestBed, progress, parts }: Bench): Promise<Result[]> {
  const unknown = parts.filter((part) => !Object.hasOwn(kinds, part));
  if (unknown.length > 0) throw new Error(`There is no ${unknown.join(", ")} among the kinds`);
  const testBed = await openTestBed();
  const results: Result[] = [];
  for (const [name, kind] of Object.entries(kinds)) {
    if (parts.length > 0 && !parts.includes(name)) continue;
    const result = await benchKind(name, kind, testBed, (text) => progress(`${name}: ${text}`));
    if (result !== null) results.push(result);
  }
  return results;
}

/**
 * Returns null when there is no such server on this machine. The server ends after its benchmark, so that it
 * does not disturb the others.
 */
async function benchKind(
  name: string,
  kind: Kind,
  testBed: TestBed,
  progress: Bench["progress"],
): Promise<Result | null> {
  await using opened = new AsyncDisposableStack();
  opened.defer(() => releaseServers());
  progress("bringing up its server");
  const target = await kind.startTarget();
  if (isUnavailable(target)) {
    progress(`not run: ${target.reason}`);
    return null;
  }
  opened.defer(() => target.close());
  const { perRound, perFloorRound, against } = kind;
  const reached = await reachedAt(target, opened);
  const post = await openPost(name, testBed, await openPlace(target, reached, opened), opened);
  const { settings } = await openPlace(target, reached, opened);
  const floor = await startChild("floor", {
    KIND: name,
    SETTINGS: JSON.stringify(settings),
    PER_ROUND: String(perFloorRound),
  });
  opened.defer(() => floor.stop());
  await post.deliver(perRound);
  await floor.ask("carry");
  progress(`${rounds} rounds of ${perRound} to ${target.server}, against a loop with ${perFloorRound}`);
  const turns = await takeTurns(
    rounds,
    () => post.deliver(perRound),
    () => floor.ask("carry"),
  );
  await post.verify();
  return {
    benchmark: "kinds",
    what: `${name}, ${bodyBytes / 1_000} kB`,
    unit: "/s",
    ...compare(turns, "higher"),
    against,
    aim: (await loadDestination(name)).batch === undefined ? aims.singly : aims.batched,
  };
}

/** Returns the address that ours and the loop both use: the server's own, or one that it tells its clients. */
async function reachedAt(
  { address, proxyPort }: Target,
  opened: AsyncDisposableStack,
): Promise<Target["address"]> {
  if (proxyPort === undefined) return address;
  const proxy = await FaultyProxy.start(address, proxyPort);
  opened.defer(() => proxy.close());
  return proxy.address;
}

async function openPlace(
  target: Target,
  reached: Target["address"],
  opened: AsyncDisposableStack,
): Promise<Place> {
  const place = await target.open(reached);
  opened.defer(() => place.close());
  return place;
}

interface Post {
  /** Returns events per second. */
  deliver(count: number): Promise<number>;
  /** @throws when anything sent has not arrived, or is not stored as delivered */
  verify(): Promise<void>;
}

async function openPost(
  kind: string,
  testBed: TestBed,
  place: Place,
  opened: AsyncDisposableStack,
): Promise<Post> {
  const databaseUrl = await testBed.createDatabase();
  const systole = await testBed.startSystole(databaseUrl);
  opened.defer(() => systole.stop());
  const store = await testBed.openStore(databaseUrl, opened);
  const environment = await firstEnvironment(store.db);
  if (environment === null) throw new Error("Systole made no environment");
  const id = environment.environment_id;
  const given = { kind, settings: place.settings, eventTypes: null, active: true };
  await createDestination(store.db, store.keyRing, id, given);
  let sent = 0;
  return {
    deliver(count) {
      sent += count;
      return deliverEvents(store, id, count);
    },
    verify: () => verify(store, place, sent),
  };
}

async function verify({ db }: Store, place: Place, sent: number): Promise<void> {
  const states = await db
    .selectFrom("deliveries")
    .select(["state", db.fn.countAll<string>().as("count")])
    .groupBy("state")
    .execute();
  const delivered = Number(states.find(({ state }) => state === "delivered")?.count ?? 0);
  const arrived = new Set((await place.arrivals()).map(({ eventId }) => eventId)).size;
  if (delivered === sent && arrived === sent) return;
  const written = states.map(({ state, count }) => `${count} ${state}`).join(", ");
  throw new Error(`${sent} events were sent, ${arrived} arrived, and the deliveries are ${written}`);
}
