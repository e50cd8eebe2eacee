/**
 * Deliveries and their attempts, written and read in batches.
 *
 * A pending delivery either has a job at its `next_attempt_at` (null: at once), or it is parked: then it has
 * no job and waits until its destination is woken (parked.ts). A job that comes before that time is outdated
 * and does nothing. Times are the database's: a process gives a delay from now, whatever its own clock shows.
 */
import { type Insertable, type Selectable, sql } from "kysely";
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
  /** Written without a job; the destination's row is updated first (announceParking in parked.ts). */
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
export interface DueDelivery {
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
  /** Compressed with zstd. */
  readonly body: Buffer;
  readonly body_bytes: number;
  readonly created_at: Date;
  /** See DeliveriesTable. */
  readonly ordinal: string;
  readonly ordered_by: string | null;
  /** The number of older pending deliveries of the same person, counted as far as it matters. */
  readonly older: number;
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

interface DueRow extends Omit<DueDelivery, "destination"> {
  readonly destination: (Omit<DueDestination, "settingsSealed"> & { readonly kind: string }) | null;
  readonly settings_sealed: Buffer;
}

/** Whether the event is no longer kept: its columns are null then. */
const isExpired = ({ type }: DueRow): boolean => type === null;

/** One process never holds more deliveries of one person at a time. */
const maxOlder = 1_000;

/** The due deliveries of a batch of jobs. */
export interface Due {
  readonly deliveries: readonly DueDelivery[];
  /** Their events are past their retention. */
  readonly expired: readonly Pick<DueDelivery, "environment_id" | "delivery_id">[];
}

/** Returns the deliveries that are pending and due, in one query. */
export async function loadDue(db: DatabaseOrTransaction, ids: readonly DeliveryId[]): Promise<Due> {
  if (ids.length === 0) return { deliveries: [], expired: [] };
  const { rows } = await sql<DueRow>`
    SELECT d.environment_id, d.delivery_id, d.attempts, d.event_id, d.destination_id,
      e.type, e.user_id, e.reference_id, e.records, e.reference, e.trace_id,
      e.body, e.body_bytes, e.created_at, d.ordinal, d.ordered_by,
      CASE WHEN d.ordered_by IS NULL THEN 0 ELSE (
        SELECT count(*)::integer FROM (
          SELECT FROM deliveries o
          WHERE o.environment_id = d.environment_id AND o.destination_id = d.destination_id
            AND o.ordered_by = d.ordered_by AND o.state = 'pending' AND o.ordinal < d.ordinal
          LIMIT ${maxOlder}
        ) capped
      ) END AS older,
      s.settings_sealed,
      CASE WHEN s.kind IS NOT NULL THEN json_build_object(
        'kind', s.kind, 'revision', s.revision, 'active', s.active,
        'format', s.format, 'whenUnsupported', s.when_unsupported, 'payload', s.payload,
        'linkDestinationId', s.link_destination_id, 'linkExpiresSeconds', s.link_expires_seconds,
        'failing', s.failing_since IS NOT NULL, 'birthDate', n.fhir_birth_date
      ) END AS destination
    FROM deliveries d
    LEFT JOIN LATERAL (
      SELECT * FROM events WHERE environment_id = d.environment_id AND event_id = d.event_id OFFSET 0
    ) e ON true
    LEFT JOIN destinations s ON s.environment_id = d.environment_id AND s.destination_id = d.destination_id
    LEFT JOIN environments n ON n.environment_id = d.environment_id
    WHERE ${among(ids)} AND d.state = 'pending' AND NOT d.parked
      AND (d.next_attempt_at IS NULL OR d.next_attempt_at <= now())
  `.execute(db);
  const [expired, current] = [rows.filter(isExpired), rows.filter((row) => !isExpired(row))];
  const deliveries = current.map(({ settings_sealed, destination, ...row }) => ({
    ...row,
    destination: destination && { ...destination, settingsSealed: settings_sealed },
  }));
  return { deliveries, expired };
}

/**
 * Returns the condition for a set of ids. Arrays of ids let the planner leave out other weeks' partitions and
 * look up the rest one by one, whatever its statistics say; so does OFFSET 0 above, which keeps it from
 * joining events by their environment.
 */
export function among(ids: readonly DeliveryId[]) {
  const environments = [...new Set(ids.map((id) => id.environmentId))];
  return sql`d.environment_id = ANY(${environments}::uuid[])
    AND d.delivery_id = ANY(${ids.map((id) => id.deliveryId)}::uuid[])`;
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

/**
 * Writes any number of settlements with two statements. A finished delivery is not reopened by a slower
 * worker's failure; a success counts whatever was written before.
 */
export async function settleDeliveries(
  tx: DatabaseTransaction,
  settlements: readonly Settlement[],
  attempts: readonly NewAttempt[],
): Promise<void> {
  if (settlements.length === 0) return;
  await insertAttempts(tx, attempts, settlements);
  const rows = unnest([
    ["uuid", settlements.map((settled) => settled.environmentId)],
    ["uuid", settlements.map((settled) => settled.deliveryId)],
    ["text", settlements.map((settled) => settled.state)],
    ["integer", settlements.map((settled) => settled.attempts)],
    ["bigint", settlements.map((settled) => settled.nextAttemptInMs)],
    ["boolean", settlements.map((settled) => settled.parked)],
    ["integer", settlements.map((settled) => settled.status)],
    ["text", settlements.map((settled) => settled.code)],
  ]);
  await sql`
    UPDATE deliveries d SET
      state = new.state,
      attempts = d.attempts + new.added,
      next_attempt_at = now() + new.next_ms * interval '1 millisecond',
      parked = new.parked,
      last_status = CASE WHEN new.added = 0 THEN d.last_status ELSE new.status END,
      last_code = CASE WHEN new.added = 0 THEN coalesce(new.code, d.last_code) ELSE new.code END,
      finished_at = CASE WHEN new.state = 'pending' THEN NULL ELSE now() END
    FROM ${rows} AS new(environment_id, delivery_id, state, added, next_ms, parked, status, code)
    WHERE d.environment_id = new.environment_id AND d.delivery_id = new.delivery_id AND ${among(settlements)}
      AND (d.state = 'pending' OR (new.state = 'delivered' AND d.state <> 'delivered'))
  `.execute(tx);
}

/** Inserts the attempts of deliveries that still exist: an erased one must not return with a target's answer. */
async function insertAttempts(
  tx: DatabaseTransaction,
  attempts: readonly NewAttempt[],
  deliveries: readonly DeliveryId[],
): Promise<void> {
  if (attempts.length === 0) return;
  const rows = unnest([
    ["uuid", attempts.map((attempt) => attempt.environment_id)],
    ["uuid", attempts.map((attempt) => attempt.attempt_id)],
    ["uuid", attempts.map((attempt) => attempt.delivery_id)],
    ["uuid", attempts.map((attempt) => attempt.event_id)],
    ["uuid", attempts.map((attempt) => attempt.destination_id)],
    ["integer", attempts.map((attempt) => attempt.number)],
    ["timestamptz", attempts.map((attempt) => attempt.started_at)],
    ["integer", attempts.map((attempt) => attempt.duration_ms)],
    ["text", attempts.map((attempt) => attempt.outcome)],
    ["integer", attempts.map((attempt) => attempt.status)],
    ["text", attempts.map((attempt) => attempt.code)],
    ["text", attempts.map((attempt) => attempt.response)],
    ["json", attempts.map((attempt) => attempt.request)],
    ["json", attempts.map((attempt) => attempt.left_out)],
  ]);
  await sql`INSERT INTO attempts (environment_id, attempt_id, delivery_id, event_id, destination_id, number,
    started_at, duration_ms, outcome, status, code, response, request, left_out)
    SELECT made.* FROM ${rows} AS made(environment_id, attempt_id, delivery_id, event_id, destination_id, number,
      started_at, duration_ms, outcome, status, code, response, request, left_out)
    JOIN deliveries d ON d.environment_id = made.environment_id AND d.delivery_id = made.delivery_id
    WHERE ${among(deliveries)} FOR KEY SHARE OF d`.execute(tx);
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
