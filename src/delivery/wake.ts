/**
 * Wakes parked deliveries. However many deliveries wait for a destination, only a limited number of them are
 * due at a time; once a second, as many others become due as were finished. The limit doubles when all of them
 * were finished within the second, and halves when a delivery finds its queue too long (parked.ts).
 *
 * While the destination fails, each look wakes a single delivery, and the time to the next look is a tenth of
 * the time for which the destination has been failing: at least three seconds, at most five minutes. Deliveries
 * that have waited a little over a day by then are given up.
 */
import { repeat } from "../repeating.ts";
import type { DestinationId } from "../store/destinations.ts";
import { makeDue } from "../store/due-deliveries.ts";
import {
  countAwake,
  giveUpParked,
  hasNoneParked,
  listToWake,
  lockToWake,
  setNextLook,
  takeParked,
} from "../store/parked.ts";
import type { Queue } from "../store/queue.ts";
import type { Store } from "../store/store.ts";
import type { DatabaseTransaction } from "../store/tables.ts";
import type { Logger } from "../telemetry/log.ts";
import { givenUpAfterMs } from "./schedule.ts";

const lookMs = 1_000;
const maxAwake = 2_048;
const shortestPauseMs = 3_000;
const longestPauseMs = 5 * 60_000;
/** The number of deliveries given up in one transaction. */
const partSize = 5_000;

/** Starts waking; returns a function that stops it and waits for the look under way. */
export function startWaking(store: Store, log: Logger): () => Promise<void> {
  const failed = (err: unknown): void => log.error({ err }, "waking parked deliveries");
  const waking = repeat(() => wakeAll(store), lookMs, failed);
  return () => waking.stop();
}

async function wakeAll(store: Store): Promise<void> {
  for (const id of await listToWake(store.db)) {
    await store.db.transaction().execute((tx) => wake(tx, store.queue, id));
  }
}

/** Looks at one destination once. */
export async function wake(
  tx: DatabaseTransaction,
  { dueNews }: Pick<Queue, "dueNews">,
  id: DestinationId,
): Promise<void> {
  const destination = await lockToWake(tx, id);
  if (destination === null) return;
  const { failingMs } = destination;
  if (failingMs !== null && failingMs > givenUpAfterMs) {
    const gaveUp = { olderThanMs: givenUpAfterMs, code: "DELIVERY_PAUSED", limit: partSize };
    if ((await giveUpParked(tx, id, gaveUp)) === partSize) return;
  }
  const size = failingMs === null ? destination.wakeSize : 1;
  const awake = failingMs === null ? await countAwake(tx, id, size) : 0;
  const wanted = Math.max(0, size - awake);
  const woken = await takeParked(tx, id, wanted);
  await makeDue(tx, dueNews, woken);
  const wakeSize = awake === 0 && failingMs === null ? Math.min(maxAwake, size * 2) : destination.wakeSize;
  const done = woken.length < wanted && (await hasNoneParked(tx, id));
  await setNextLook(tx, id, { inMs: done ? null : nextLookMs(failingMs), wakeSize });
}

const nextLookMs = (failingMs: number | null): number =>
  failingMs === null ? lookMs : Math.min(longestPauseMs, Math.max(shortestPauseMs, failingMs / 10));
