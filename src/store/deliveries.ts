/**
 * Deliveries and their attempts, written and read in batches.
 *
 * A pending delivery is either due at its `next_attempt_at` (null: at once), see due-deliveries.ts, or it is
 * parked: then it waits until its destination is woken (parked.ts). Times are the database's: a process gives a
 * delay from now, whatever its own clock shows.
 */
import { type Insertable, type Selectable, sql } from "kysely";
import type { DestinationHealth } from "./destination-health.ts";
import type { StoredEventBody } from "./events.ts";
import { prepared } from "./prepared.ts";
import { unnest } from "./rows.ts";
import type {
  AttemptsTable,
  DatabaseOrTransaction,
  DatabaseTransaction,
  DeliveriesTable,
  DeliveryState,
  DestinationFormat,
  EventRecordRow,
  PayloadMode,
  WhenUnsupported,
} from "./tables.ts";

export type Delivery = Selectable<DeliveriesTable>;
export type Attempt = Selectable<AttemptsTable>;
export type NewAttempt = Required<Insertable<AttemptsTable>>;

export interface DeliveryId {
  readonly environmentId: string;
  readonly deliveryId: string;
}

export interface NewDelivery extends DeliveryId {
  readonly eventId: string;
  readonly destinationId: string;
  /** The person whose deliveries to this destination go one after the other; null if order is not kept. */
  readonly orderedBy: string | null;
  /** Not due until it is woken; `parkedBehind` in parked.ts must follow. */
  readonly parked: boolean;
}

/** Inserts any number of deliveries with one statement. */
export async function insertDeliveries(
  tx: DatabaseTransaction,
  deliveries: readonly NewDelivery[],
  createdAt: Date,
): Promise<void> {
  if (deliveries.length === 0) return;
  const rows = unnest([
    ["uuid", deliveries.map((delivery) => delivery.environmentId)],
    ["uuid", deliveries.map((delivery) => delivery.deliveryId)],
    ["uuid", deliveries.map((delivery) => delivery.eventId)],
    ["uuid", deliveries.map((delivery) => delivery.destinationId)],
    ["uuid", deliveries.map((delivery) => delivery.orderedBy)],
    ["boolean", deliveries.map((delivery) => delivery.parked)],
  ]);
  await sql`INSERT INTO deliveries
    (environment_id, delivery_id, event_id, destination_id, ordered_by, parked, state, created_at)
    SELECT *, 'pending', ${createdAt}::timestamptz FROM ${rows}`.execute(tx);
}

/** The data that one attempt needs: the delivery, its event and its destination. */
export interface DueDelivery extends StoredEventBody {
  readonly environment_id: string;
  readonly delivery_id: string;
  readonly attempts: number;
  readonly event_id: string;
  readonly destination_id: string;
  readonly type: string;
  readonly user_id: string | null;
  readonly reference_id: string | null;
  readonly records: readonly EventRecordRow[];
  readonly reference: string;
  readonly trace_id: string;
  readonly created_at: Date;
  /** See DeliveriesTable. */
  readonly ordinal: string;
  readonly ordered_by: string | null;
  /** The ordinals of older pending deliveries of the same person, as many as matter. */
  readonly older: readonly string[];
  /** Null when the destination was deleted. */
  readonly destination: DueDestination | null;
}

export interface DueDestination {
  readonly kind: string;
  readonly settingsSealed: Buffer;
  readonly revision: number;
  readonly active: boolean;
  readonly format: DestinationFormat;
  readonly whenUnsupported: WhenUnsupported;
  readonly payload: PayloadMode;
  readonly linkDestinationId: string | null;
  readonly linkExpiresSeconds: number;
  readonly failing: boolean;
  /** Whether its environment wants birth dates in FHIR. */
  readonly birthDate: boolean;
}

/** Returns the first and the last id: a plan made before leaves out the partitions of other weeks by them. */
function boundsOf(ids: readonly DeliveryId[]): { readonly lowest: string; readonly highest: string } {
  const sorted = ids.map(({ deliveryId }) => deliveryId).sort();
  return { lowest: sorted[0] ?? "", highest: sorted.at(-1) ?? "" };
}

/** The new state of a delivery. */
export interface Settlement extends DeliveryId {
  readonly state: DeliveryState;
  /** Attempts to add: 0 when it was only put off. */
  readonly attempts: 0 | 1;
  /** Counted from the moment of writing; null when it is finished or parked. */
  readonly nextAttemptInMs: number | null;
  readonly parked: boolean;
  readonly status: number | null;
  readonly code: string | null;
}

const settle = prepared("settle_deliveries", "SELECT settle_deliveries($1, $2, $3, $4, $5)");

/**
 * Writes any number of settlements, with what they say of when each delivery is due, its attempts, and the health of
 * destinations, with one statement. A finished delivery is not reopened by a slower worker's failure; a success
 * counts whatever was written before. Attempts of deliveries that were erased meanwhile are left out.
 * @param settlements ordered by delivery @param health ordered by destination: so two processes never deadlock
 */
export async function settleDeliveries(
  db: DatabaseOrTransaction,
  settlements: readonly Settlement[],
  attempts: readonly NewAttempt[],
  health: readonly DestinationHealth[] = [],
): Promise<void> {
  if (settlements.length === 0) return;
  const { lowest, highest } = boundsOf(settlements);
  const rows = settlements.map((settled) => ({
    environment_id: settled.environmentId,
    delivery_id: settled.deliveryId,
    state: settled.state,
    added: settled.attempts,
    next_ms: settled.nextAttemptInMs === null ? null : Math.round(settled.nextAttemptInMs),
    parked: settled.parked,
    status: settled.status,
    code: settled.code,
  }));
  const seen = health.map(({ environmentId, destinationId, healthy }) => ({
    environment_id: environmentId,
    destination_id: destinationId,
    healthy,
  }));
  await settle(db, [JSON.stringify(rows), lowest, highest, JSON.stringify(attempts), JSON.stringify(seen)]);
}

/** Returns the attempts of one delivery, in their order. */
export function listAttempts(db: DatabaseOrTransaction, id: DeliveryId): Promise<Attempt[]> {
  return db
    .selectFrom("attempts")
    .selectAll()
    .where("environment_id", "=", id.environmentId)
    .where("delivery_id", "=", id.deliveryId)
    .orderBy("attempt_id")
    .execute();
}
