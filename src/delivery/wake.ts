/**
 * Wakes parked deliveries. However many deliveries wait for a destination, only a limited number of them have
 * jobs at a time; once a second, as many others get jobs as were finished. The limit doubles when all of them
 * were finished within the second, and halves when a delivery finds its queue too long (parked.ts).
 *
 * While the destination fails, each look wakes a single delivery, and the time to the next look is a tenth of
 * the time for which the destination has been failing: at least three seconds, at most five minutes. Deliveries
 * that have waited a little over a day by then are given up.
 */
import type { DestinationId } from "../store/destinations.ts";
import {
  countAwake,
  giveUpParked,
  hasParked,
  listToWake,
  lockToWake,
  setNextLook,
  takeParked,
} from "../store/parked.ts";
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
  let looking: Promise<void> = Promise.resolve();
  let busy = false;
  const timer = setInterval(() => {
    if (busy) return;
    busy = true;
    looking = wakeAll(store)
      .catch((err: unknown) => log.error({ err }, "waking parked deliveries"))
      .finally(() => {
        busy = false;
      });
  }, lookMs);
  return async () => {
    clearInterval(timer);
    await looking;
  };
}

async function wakeAll(store: Store): Promise<void> {
  for (const id of await listToWake(store.db)) {
    await store.db.transaction().execute((tx) => wake(tx, store, id));
  }
}

/** Looks at one destination once. */
export async function wake(
  tx: DatabaseTransaction,
  { queue }: Pick<Store, "queue">,
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
  await queue.enqueue(
    tx,
    "deliver",
    woken.map((data) => ({ data })),
  );
  const wakeSize = awake === 0 && failingMs === null ? Math.min(maxAwake, size * 2) : destination.wakeSize;
  const done = woken.length < wanted && !(await hasParked(tx, id));
  await setNextLook(tx, id, { inMs: done ? null : nextLookMs(failingMs), wakeSize });
}

const nextLookMs = (failingMs: number | null): number =>
  failingMs === null ? lookMs : Math.min(longestPauseMs, Math.max(shortestPauseMs, failingMs / 10));
