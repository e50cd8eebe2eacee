/** Replays events: makes new deliveries of stored events, with the same ids, bytes and headers. */
import { listRecipients } from "../store/destinations.ts";
import { type EventFilters, listEventsToReplay } from "../store/events.ts";
import { type Standing, standingsOf } from "../store/replays.ts";
import type { Store } from "../store/store.ts";
import type { DatabaseOrTransaction, DeliveryState } from "../store/tables.ts";
import { deliveriesOf } from "./emit.ts";
import {
  type ReadPart,
  type ReplayPart,
  type ReplayResult,
  type ReplayRun,
  replayInParts,
  withoutPending,
} from "./replay-parts.ts";

/** The last outcome of an event at a destination; "none": it was never to be sent there. */
export type ReplayOutcome = DeliveryState | "none";

export interface ReplayRequest extends EventFilters, ReplayRun {
  /** Only to this destination; when absent, to every active one that takes the type. */
  readonly destinationId?: string | undefined;
  /** Only events whose last delivery had this outcome. */
  readonly outcome?: ReplayOutcome | undefined;
}

export interface EventReplayResult extends ReplayResult {
  /** The records in the events that matched. */
  readonly records: number;
}

/** Replays events, the oldest first. */
export async function replayEvents(store: Store, request: ReplayRequest): Promise<EventReplayResult> {
  let records = 0;
  const result = await replayInParts(store, request, async (db, page) => {
    const { records: more, ...part } = await readEvents(db, request, page);
    records += more;
    return part;
  });
  return { ...result, records };
}

async function readEvents(
  db: DatabaseOrTransaction,
  request: ReplayRequest,
  page: Parameters<ReadPart>[1],
): Promise<ReplayPart & Pick<EventReplayResult, "records">> {
  const { environmentId, destinationId, outcome } = request;
  const events = await listEventsToReplay(db, environmentId, request, page);
  const recipients = (await listRecipients(db, [environmentId])).filter(
    (recipient) => destinationId === undefined || recipient.destinationId === destinationId,
  );
  const planned = events.flatMap((event) => deliveriesOf(event, recipients));
  const standing = await standingsOf(db, environmentId, planned);
  const wanted = planned.filter(
    (delivery) => outcome === undefined || hasOutcome(standing(delivery), outcome),
  );
  const wantedIds = new Set(wanted.map(({ eventId }) => eventId));
  const matching = outcome === undefined ? events : events.filter(({ event_id }) => wantedIds.has(event_id));
  return {
    ...withoutPending(wanted, standing),
    matched: matching.length,
    records: matching.reduce((sum, { record_count }) => sum + record_count, 0),
    inactive: 0,
    read: events.length,
    last: events.at(-1)?.event_id ?? null,
  };
}

const hasOutcome = (standing: Standing | undefined, outcome: ReplayOutcome): boolean =>
  (standing?.last ?? "none") === outcome;
