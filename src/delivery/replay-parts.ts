/**
 * Replays in parts. Each part is its own transaction and nothing else is kept, so a replay of a million
 * events takes no more memory than one of a thousand and delays nothing else. Finished parts stay when the
 * rest fails or is cancelled. Repeating them does no harm: pending deliveries are left out, and receivers
 * know the ids.
 *
 * Replayed deliveries are parked and woken in parts (wake.ts), so new events do not queue behind them.
 */
import type { NewDelivery } from "../store/deliveries.ts";
import { lockReplays, type Standing } from "../store/replays.ts";
import type { Store } from "../store/store.ts";
import type { DatabaseOrTransaction } from "../store/tables.ts";
import { writeDeliveries } from "./emit.ts";

/** Rows read in one transaction; more in a run that writes nothing. */
const partSize = 1_000;
const dryPartSize = 5_000;

export interface ReplayRun {
  readonly environmentId: string;
  /** Counts only; writes nothing. */
  readonly dryRun?: boolean;
  /** The `next` of the run before. */
  readonly after?: string | null | undefined;
  /** The most rows to read; `next` then says where to continue. */
  readonly limit?: number | undefined;
  /** Ends the replay after the part under way. */
  readonly signal?: AbortSignal | undefined;
}

export interface ReplayCounts {
  /** The events, or dead letters, that matched. */
  readonly matched: number;
  /** The deliveries planned now, or in a dry run those that would be. */
  readonly deliveries: number;
  /** Left out because the same event is still pending for the same destination. */
  readonly alreadyPending: number;
  /** Left out because the destination is switched off. */
  readonly inactive: number;
}

export interface ReplayResult extends ReplayCounts {
  /** The place to continue from; null at the end. */
  readonly next: string | null;
}

export interface ReplayPart extends Omit<ReplayCounts, "deliveries"> {
  readonly deliveries: readonly NewDelivery[];
  /** The number of rows read, matching or not, and the id of the last one. */
  readonly read: number;
  readonly last: string | null;
}

export type ReadPart = (
  db: DatabaseOrTransaction,
  page: { readonly limit: number; readonly after: string | null },
) => Promise<ReplayPart>;

export async function replayInParts(store: Store, run: ReplayRun, read: ReadPart): Promise<ReplayResult> {
  const most = run.dryRun === true ? dryPartSize : partSize;
  let total: ReplayCounts = { matched: 0, deliveries: 0, alreadyPending: 0, inactive: 0 };
  let after = run.after ?? null;
  let left = run.limit ?? Number.POSITIVE_INFINITY;
  for (;;) {
    const page = { limit: Math.min(most, left), after };
    const part = await (run.dryRun === true ? read(store.db, page) : writePart(store, run, read, page));
    total = added(total, part);
    left -= part.read;
    after = part.last ?? after;
    if (part.read < page.limit) return { ...total, next: null };
    if (left <= 0 || run.signal?.aborted === true) return { ...total, next: after };
  }
}

function writePart(
  store: Store,
  { environmentId }: ReplayRun,
  read: ReadPart,
  page: Parameters<ReadPart>[1],
): Promise<ReplayPart> {
  return store.db.transaction().execute(async (tx) => {
    await lockReplays(tx, environmentId);
    const part = await read(tx, page);
    await writeDeliveries(tx, store.queue, part.deliveries, new Date());
    return part;
  });
}

const added = (total: ReplayCounts, part: ReplayPart): ReplayCounts => ({
  matched: total.matched + part.matched,
  deliveries: total.deliveries + part.deliveries.length,
  alreadyPending: total.alreadyPending + part.alreadyPending,
  inactive: total.inactive + part.inactive,
});

/** Leaves out deliveries that are already pending and marks the rest as parked. */
export function withoutPending(
  wanted: readonly NewDelivery[],
  standing: (delivery: NewDelivery) => Standing | undefined,
): Pick<ReplayPart, "deliveries" | "alreadyPending"> {
  const deliveries = wanted.filter((delivery) => standing(delivery)?.pending !== true);
  return {
    deliveries: deliveries.map((delivery) => ({ ...delivery, parked: true })),
    alreadyPending: wanted.length - deliveries.length,
  };
}
