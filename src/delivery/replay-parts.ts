/**
 * Replays part by part: each part is a transaction of its own and nothing else is kept, so that a replay of a
 * million events takes no more memory than one of a thousand, and holds nothing up. What was written stays
 * when the rest fails or is no longer wanted, and sending it once more harms nobody: what is pending is left
 * out, and receivers know the ids.
 *
 * What is replayed is parked and woken in parts (wake.ts), so that what happens now does not queue behind it.
 */
import type { NewDelivery } from "../store/deliveries.ts";
import { lockReplays, type Standing } from "../store/replays.ts";
import type { Store } from "../store/store.ts";
import type { DatabaseOrTransaction } from "../store/tables.ts";
import { writeDeliveries } from "./emit.ts";

/** Read for one transaction; more where nothing is written. */
const partSize = 1_000;
const dryPartSize = 5_000;

export interface ReplayRun {
  readonly environmentId: string;
  /** Counts and writes nothing. */
  readonly dryRun?: boolean;
  /** `next` of the run before. */
  readonly after?: string | null | undefined;
  /** Reads no more than this; `next` then says where to go on. */
  readonly limit?: number | undefined;
  /** Ends it after the part under way. */
  readonly signal?: AbortSignal | undefined;
}

export interface ReplayCounts {
  /** Events, or dead letters, that matched. */
  readonly matched: number;
  /** Planned now; in a dry run, that would be. */
  readonly deliveries: number;
  /** Left out, since the same event is still on its way to the same destination. */
  readonly alreadyPending: number;
  /** Left out, since the destination is switched off. */
  readonly inactive: number;
}

export interface ReplayResult extends ReplayCounts {
  /** Where to go on; null when there is no more. */
  readonly next: string | null;
}

export interface ReplayPart extends Omit<ReplayCounts, "deliveries"> {
  readonly deliveries: readonly NewDelivery[];
  /** How many rows were read, matching or not, and the id of the last one. */
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

/** What is on its way already is not sent twice; the rest is parked. */
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
