/** Emission: events with their deliveries, written by functions of the database (migration 48). */
import type { NewEventRow } from "./events.ts";
import { prepared } from "./prepared.ts";
import type { DatabaseTransaction } from "./tables.ts";

const emitMany = prepared<{ event_id: string; deliveries: number }>(
  "emit_events",
  "SELECT * FROM emit_events($1, $2, $3, $4, $5, $6)",
);
const emitOne = prepared<{ deliveries: number }>(
  "emit_event",
  `SELECT emit_event($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16) AS deliveries`,
);

/**
 * Writes any number of events with one statement: the events, a delivery for each active destination that takes the type,
 * and what of it is due. Deliveries to a destination that fails and has parked ones are parked behind those. Returns the
 * number of deliveries of each event that has any.
 * @param isTold whether it is announced that something is due
 */
export async function writeEvents(
  tx: DatabaseTransaction,
  events: readonly NewEventRow[],
  createdAt: Date,
  isTold: boolean,
): Promise<ReadonlyMap<string, number>> {
  const [first, ...others] = events;
  return first !== undefined && others.length === 0
    ? writeEvent(tx, first, createdAt, isTold)
    : writeMany(tx, events, createdAt, isTold);
}

async function writeEvent(
  tx: DatabaseTransaction,
  event: NewEventRow,
  createdAt: Date,
  isTold: boolean,
): Promise<ReadonlyMap<string, number>> {
  const [emitted] = await emitOne(tx, [
    event.environment_id,
    event.event_id,
    event.type,
    event.user_id,
    event.reference_id,
    event.provider,
    event.records,
    event.reference,
    event.trace_id,
    event.body,
    event.body_bytes,
    event.body_key,
    event.body_head,
    event.body_tail,
    createdAt,
    isTold,
  ]);
  const { deliveries = 0 } = emitted ?? {};
  return new Map(deliveries > 0 ? [[event.event_id, deliveries]] : []);
}

async function writeMany(
  tx: DatabaseTransaction,
  events: readonly NewEventRow[],
  createdAt: Date,
  isTold: boolean,
): Promise<ReadonlyMap<string, number>> {
  const bodies = new Bodies();
  const rows = events.map(({ body, body_head, body_tail, created_at: _, ...row }) => ({
    ...row,
    // As they would be encoded: JSON could not say half of a surrogate pair.
    reference_id: row.reference_id?.toWellFormed(),
    reference: row.reference.toWellFormed(),
    trace_id: row.trace_id.toWellFormed(),
    ...bodies.add("body", body),
    ...bodies.add("head", body_head),
    ...bodies.add("tail", body_tail),
  }));
  const environments = [...new Set(events.map((event) => event.environment_id))];
  const types = [...new Set(events.map((event) => event.type))];
  const emitted = await emitMany(tx, [
    JSON.stringify(rows),
    bodies.joined(),
    environments,
    types,
    createdAt,
    isTold,
  ]);
  return new Map(emitted.map((event) => [event.event_id, event.deliveries]));
}

/** Bodies in one piece, which the driver sends as it is, where an array of them would be sent as text. */
class Bodies {
  readonly #parts: Buffer[] = [];
  /** PostgreSQL counts from one. */
  #next = 1;

  /** Returns the place of a body, under names that begin with `name`. */
  add(name: string, body: Buffer | null | undefined): Record<string, number> {
    if (body == null) return {};
    const place = { [`${name}_at`]: this.#next, [`${name}_size`]: body.length };
    this.#parts.push(body);
    this.#next += body.length;
    return place;
  }

  joined(): Buffer {
    const [first] = this.#parts;
    return this.#parts.length === 1 && first !== undefined ? first : Buffer.concat(this.#parts);
  }
}
