/**
 * Emits events: writes them, their deliveries and when those are due in the caller's transaction. When it commits,
 * all of them exist, or none.
 */
import type { EventRecord } from "../destinations/destination.ts";
import { SystoleError } from "../errors.ts";
import { insertDeliveries, type NewDelivery } from "../store/deliveries.ts";
import type { Recipient } from "../store/destinations.ts";
import { makeDue } from "../store/due-deliveries.ts";
import { writeEvents } from "../store/emission.ts";
import type { EventRow, NewEventRow } from "../store/events.ts";
import { newId } from "../store/identifiers.ts";
import { parkedBehind } from "../store/parked.ts";
import type { Queue } from "../store/queue.ts";
import type { DatabaseTransaction } from "../store/tables.ts";
import { compress } from "../store/zstd.ts";

export interface NewEvent {
  readonly environmentId: string;
  readonly type: string;
  readonly userId: string | null;
  readonly referenceId: string | null;
  readonly provider: string | null;
  /** The records in the body, in the same order. */
  readonly records: readonly EventRecord[];
  /** Terra's `terra-reference` of the request that this event answers; null for an event that nobody requested. */
  readonly reference: string | null;
  /** Unique per event. */
  readonly traceId: string;
  /** The exact JSON; null when `compressed` is given. */
  readonly body: string | Buffer | null;
  /** The JSON as zstd, when the caller already has it. */
  readonly compressed?: CompressedBody;
}

/** A body as zstd, of one frame or several; `bytes` is the length of the JSON. */
export type CompressedBody =
  | { readonly zstd: Buffer; readonly bytes: number }
  /** The frames before and after those that are in the body store under the key, which a row names already. */
  | { readonly head: Buffer; readonly key: string; readonly tail: Buffer; readonly bytes: number };

export interface EmittedEvent {
  readonly eventId: string;
  /** The number of destinations it is sent to. An event without a destination is kept all the same. */
  readonly deliveries: number;
}

/** Writes any number of events with one statement, which finds their destinations too. */
export async function emitEvents(
  tx: DatabaseTransaction,
  queue: Queue,
  events: readonly NewEvent[],
): Promise<readonly EmittedEvent[]> {
  if (events.length === 0) return [];
  const createdAt = new Date();
  const rows = await Promise.all(events.map((event) => eventRow(event, createdAt)));
  const isTold = queue.dueNews.isWorthTelling();
  const deliveries = await writeEvents(tx, rows, createdAt, isTold);
  // Events that go nowhere announce nothing.
  if (isTold && deliveries.size === 0) queue.dueNews.untold();
  return rows.map(({ event_id: eventId }) => ({ eventId, deliveries: deliveries.get(eventId) ?? 0 }));
}

/** Writes deliveries. All that are not parked are due at once. */
export async function writeDeliveries(
  tx: DatabaseTransaction,
  queue: Queue,
  deliveries: readonly NewDelivery[],
  createdAt: Date,
): Promise<void> {
  const parked = deliveries.filter((delivery) => delivery.parked);
  await insertDeliveries(tx, deliveries, createdAt);
  await parkedBehind(tx, parked);
  await makeDue(
    tx,
    queue.dueNews,
    deliveries.filter((delivery) => !delivery.parked),
  );
}

/** Returns one delivery for each destination that takes the event's type. */
export function deliveriesOf(
  event: Pick<EventRow, "environment_id" | "event_id" | "type" | "user_id">,
  recipients: readonly Recipient[],
): NewDelivery[] {
  return recipients
    .filter(({ environmentId, eventTypes }) => {
      return (
        environmentId === event.environment_id && (eventTypes === null || eventTypes.includes(event.type))
      );
    })
    .map(({ environmentId, destinationId, ordered, backlogged }) => ({
      environmentId,
      destinationId,
      deliveryId: newId(),
      eventId: event.event_id,
      orderedBy: ordered ? event.user_id : null,
      parked: backlogged,
    }));
}

type EmittedRow = NewEventRow & Pick<EventRow, "user_id">;

/** Returns the row of an event, with a new id and its body compressed. */
export async function eventRow(event: NewEvent, createdAt: Date): Promise<EmittedRow> {
  const body = event.compressed ?? (await compressed(event));
  const eventId = newId();
  return {
    environment_id: event.environmentId,
    event_id: eventId,
    type: event.type,
    user_id: event.userId,
    reference_id: event.referenceId,
    provider: event.provider,
    records: JSON.stringify(event.records),
    // Receivers skip references they have already seen, so two events must not share one.
    reference: event.reference ?? eventId,
    trace_id: event.traceId,
    ...("key" in body ? outsideBody(body) : { ...inRow, body: body.zstd }),
    body_bytes: body.bytes,
    created_at: createdAt,
  };
}

const inRow = { body_key: null, body_head: null, body_tail: null };

const outsideBody = ({ head, key, tail }: Extract<CompressedBody, { key: string }>) => ({
  body: null,
  body_key: key,
  body_head: head,
  body_tail: tail,
});

async function compressed({ body, type }: NewEvent): Promise<{ zstd: Buffer; bytes: number }> {
  if (body === null) throw new SystoleError("INTERNAL", { reason: "an event needs a body", type });
  const json = typeof body === "string" ? Buffer.from(body) : body;
  return { zstd: await compress(json), bytes: json.length };
}
