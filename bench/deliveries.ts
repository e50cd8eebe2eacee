/**
 * Deliveries end to end: from the first event's INSERT until the receiver has all of them and every delivery
 * is stored as delivered. The floor is a bare loop that inserts the same bytes as a row, posts them over a
 * kept-alive connection and deletes the row, one event after the other.
 */
import { addWebhook } from "../src/demo/person.ts";
import { firstEnvironment } from "../src/store/environments.ts";
import type { Store } from "../src/store/store.ts";
import { credentials } from "../test/support/system.ts";
import { openBareDelivery } from "./support/bare-delivery.ts";
import type { Bench } from "./support/benchmark.ts";
import { type Child, startChild } from "./support/child.ts";
import { bodyBytes, deliverEvents, newBody } from "./support/emission.ts";
import { atATime } from "./support/manners.ts";
import type { Result } from "./support/report.ts";
import { compare, takeTurns } from "./support/rounds.ts";
import type { TestBed } from "./support/test-bed.ts";

const rounds = 5;
const perRound = 1_000;
/** The loop's events per round, by how many it sends at a time: a round takes about as long as ours. */
const perFloorRound = { 1: 300, 16: 900 } as const;
/** The number of requests that Systole makes to one destination at a time. */
const sideBySide = 16;

export async function benchDeliveries({ openTestBed, progress }: Bench): Promise<Result[]> {
  await using opened = new AsyncDisposableStack();
  const testBed = await openTestBed();
  progress("starting a worker and a receiver");
  const post = await openPost(testBed, opened);
  const floor = await openFloor(testBed, post.receiver, opened);
  await post.deliver(perRound);
  await floor.deliver(perFloorRound[1], 1);
  const results: Result[] = [];
  for (const width of [1, sideBySide] as const) {
    progress(`${rounds} rounds of ${perRound}, against a loop with ${width} at a time`);
    const turns = await takeTurns(
      rounds,
      () => post.deliver(perRound),
      () => floor.deliver(perFloorRound[width], width),
    );
    const manner = width === 1 ? "one after the other" : `${width} at a time`;
    results.push({
      benchmark: "deliveries",
      what: `end to end, ${bodyBytes / 1_000} kB`,
      unit: "/s",
      ...compare(turns, "higher"),
      against: `INSERT, POST, DELETE, ${manner}`,
    });
  }
  return results;
}

export interface Post {
  readonly systole: Child;
  readonly receiver: Child;
  /** Returns events per second. */
  deliver(count: number): Promise<number>;
}

/** Starts a Systole with this many destinations and measures at the last one's receiver. */
export async function openPost(
  testBed: TestBed,
  opened: AsyncDisposableStack,
  destinations = 1,
): Promise<Post> {
  const databaseUrl = await testBed.createDatabase();
  const systole = await testBed.startSystole(databaseUrl);
  opened.defer(() => systole.stop());
  for (let others = 1; others < destinations; others++)
    await addReceiver(testBed, systole, databaseUrl, opened);
  return { systole, ...(await addReceiver(testBed, systole, databaseUrl, opened)) };
}

/** Adds a destination to a running Systole, and returns a way to write events to it. */
export async function addReceiver(
  testBed: TestBed,
  systole: Child,
  databaseUrl: string,
  opened: AsyncDisposableStack,
): Promise<Omit<Post, "systole">> {
  const receiver = await startChild("receiver");
  opened.defer(() => receiver.stop());
  await addWebhook({ url: systole.url, sandboxUrl: "", ...credentials }, receiver.url);
  const store = await testBed.openStore(databaseUrl, opened);
  const environment = await firstEnvironment(store.db);
  if (environment === null) throw new Error("Systole made no environment");
  return { receiver, deliver: (count) => deliver(store, environment.environment_id, receiver, count) };
}

async function deliver(store: Store, environmentId: string, receiver: Child, count: number): Promise<number> {
  const before = await receiver.ask("received");
  const perSecond = await deliverEvents(store, environmentId, count);
  const received = (await receiver.ask("received")) - before;
  if (received !== count) throw new Error(`${count} events were sent and ${received} received`);
  return perSecond;
}

/** Opens the loop, on the same PostgreSQL and to the same receiver. */
async function openFloor(testBed: TestBed, receiver: Child, opened: AsyncDisposableStack) {
  const { carry, close } = await openBareDelivery(await testBed.createDatabase(), receiver.url, sideBySide);
  opened.defer(close);
  return {
    async deliver(count: number, width: number): Promise<number> {
      const bodies = Array.from({ length: count }, () => Buffer.from(newBody()));
      const ms = await atATime(width, count, () => carry(bodies.pop() ?? Buffer.of()));
      return count / (ms / 1_000);
    },
  };
}
