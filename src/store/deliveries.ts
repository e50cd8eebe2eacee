/**
 * Deliveries and their attempts, written and read in batches.
 *
 * A pending delivery has a job at its `next_attempt_at` (null: at once). The one exception is a delivery
 * that fell due while its destination was switched off: it waits without a job until the destination is
 * activated. A job that comes before that time is an old one and does nothing. Due-ness is judged by the database's clock, as the queue judges its jobs.
 */
import { type Insertable, type Selectable, sql } from "kysely";
import { type Page, unnest } from "./rows.ts";
import type {
  AttemptsTable,
  DatabaseOrTransaction,
  DatabaseTransaction,
  DeliveriesTable,
  DeliveryState,
} from "./tables.ts";

export type Delivery = Selectable<DeliveriesTable>;
export type Attempt = Selectable<AttemptsTable>;

export interface DeliveryId {
  readonly environmentId: string;
  readonly deliveryId: string;
}

export interface NewDelivery extends DeliveryId {
  readonly eventId: string;
  readonly destinationId: string;
}

/** One statement, however many deliveries. */
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
  ]);
  await sql`INSERT INTO deliveries (environment_id, delivery_id, event_id, destination_id, state, created_at)
    SELECT *, 'pending', ${createdAt}::timestamptz FROM ${rows}`.execute(tx);
}

/** What one attempt needs: the delivery, its event and its destination. */
export interface DueDelivery {
  readonly environment_id: string;
  readonly delivery_id: string;
  readonly attempts: number;
  readonly event_id: string;
  readonly destination_id: string;
  readonly type: string;
  readonly user_id: string | null;
  readonly reference_id: string | null;
  readonly record_type: string | null;
  readonly natural_key: string | null;
  readonly revision: number | null;
  readonly reference: string;
  readonly trace_id: string;
  /** zstd */
  readonly body: Buffer;
  readonly body_bytes: number;
  readonly created_at: Date;
  /** Null when the destination was deleted. */
  readonly destination: {
    readonly kind: string;
    readonly settingsSealed: Buffer;
    readonly revision: number;
    readonly active: boolean;
  } | null;
}

interface DueRow extends Omit<DueDelivery, "destination"> {
  readonly kind: string | null;
  readonly settings_sealed: Buffer;
  readonly destination_revision: number;
  readonly active: boolean;
}

/** Those of the deliveries that are pending and due, in one query. */
export async function loadDue(db: DatabaseOrTransaction, ids: readonly DeliveryId[]): Promise<DueDelivery[]> {
  if (ids.length === 0) return [];
  const { rows } = await sql<DueRow>`
    SELECT d.environment_id, d.delivery_id, d.attempts, d.event_id, d.destination_id,
      e.type, e.user_id, e.reference_id, e.record_type, e.natural_key, e.revision, e.reference, e.trace_id,
      e.body, e.body_bytes, e.created_at,
      s.kind, s.settings_sealed, s.revision AS destination_revision, s.active
    FROM deliveries d
    CROSS JOIN LATERAL (
      SELECT * FROM events WHERE environment_id = d.environment_id AND event_id = d.event_id OFFSET 0
    ) e
    LEFT JOIN destinations s ON s.environment_id = d.environment_id AND s.destination_id = d.destination_id
    WHERE ${among(ids)} AND d.state = 'pending' AND (d.next_attempt_at IS NULL OR d.next_attempt_at <= now())
  `.execute(db);
  return rows.map(({ kind, settings_sealed, destination_revision, active, ...row }) => ({
    ...row,
    destination:
      kind === null
        ? null
        : { kind, settingsSealed: settings_sealed, revision: destination_revision, active },
  }));
}

/**
 * Arrays of ids let the planner leave out other weeks' partitions and look up the rest one by one, whatever
 * its statistics say; so does OFFSET 0 above, which keeps it from joining events by their environment.
 */
function among(ids: readonly DeliveryId[]) {
  const environments = [...new Set(ids.map((id) => id.environmentId))];
  return sql`d.environment_id = ANY(${environments}::uuid[])
    AND d.delivery_id = ANY(${ids.map((id) => id.deliveryId)}::uuid[])`;
}

/** Where a delivery stands now. */
export interface Settlement extends DeliveryId {
  readonly state: DeliveryState;
  /** Attempts to add: 0 when it was only put off. */
  readonly attempts: 0 | 1;
  readonly nextAttemptAt: Date | null;
  readonly status: number | null;
  readonly code: string | null;
}

/**
 * Two statements, however many. A finished delivery is not opened again by a slower worker's failure; a
 * success counts whatever was written before.
 */
export async function settleDeliveries(
  tx: DatabaseTransaction,
  settlements: readonly Settlement[],
  attempts: readonly Required<Insertable<AttemptsTable>>[],
): Promise<void> {
  if (settlements.length === 0) return;
  await insertAttempts(tx, attempts);
  const rows = unnest([
    ["uuid", settlements.map((settled) => settled.environmentId)],
    ["uuid", settlements.map((settled) => settled.deliveryId)],
    ["text", settlements.map((settled) => settled.state)],
    ["integer", settlements.map((settled) => settled.attempts)],
    ["timestamptz", settlements.map((settled) => settled.nextAttemptAt)],
    ["integer", settlements.map((settled) => settled.status)],
    ["text", settlements.map((settled) => settled.code)],
  ]);
  await sql`
    UPDATE deliveries d SET
      state = new.state,
      attempts = d.attempts + new.added,
      next_attempt_at = new.next_attempt_at,
      last_status = CASE WHEN new.added = 0 THEN d.last_status ELSE new.status END,
      last_code = CASE WHEN new.added = 0 THEN d.last_code ELSE new.code END,
      finished_at = CASE WHEN new.state = 'pending' THEN NULL ELSE now() END
    FROM ${rows} AS new(environment_id, delivery_id, state, added, next_attempt_at, status, code)
    WHERE d.environment_id = new.environment_id AND d.delivery_id = new.delivery_id AND ${among(settlements)}
      AND (d.state = 'pending' OR (new.state = 'delivered' AND d.state <> 'delivered'))
  `.execute(tx);
}

async function insertAttempts(
  tx: DatabaseTransaction,
  attempts: readonly Required<Insertable<AttemptsTable>>[],
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
  ]);
  await sql`INSERT INTO attempts (environment_id, attempt_id, delivery_id, event_id, destination_id, number,
    started_at, duration_ms, outcome, status, code, response) SELECT * FROM ${rows}`.execute(tx);
}

/** Makes the pending deliveries to a destination due at once, in parts; `after` is the last id before. */
export async function hastenPending(
  tx: DatabaseTransaction,
  { environmentId, destinationId }: { readonly environmentId: string; readonly destinationId: string },
  { limit, after }: { readonly limit: number; readonly after: string | null },
): Promise<DeliveryId[]> {
  let query = tx
    .selectFrom("deliveries")
    .select(["environment_id as environmentId", "delivery_id as deliveryId"])
    .where("environment_id", "=", environmentId)
    .where("destination_id", "=", destinationId)
    .where("state", "=", "pending");
  if (after !== null) query = query.where("delivery_id", ">", after);
  const part = await query.orderBy("delivery_id").limit(limit).forUpdate().execute();
  await sql`UPDATE deliveries d SET next_attempt_at = NULL WHERE ${among(part)} AND d.state = 'pending'`.execute(
    tx,
  );
  return part;
}

export interface DeliveryFilters {
  readonly eventId?: string | undefined;
  readonly destinationId?: string | undefined;
  readonly states?: readonly DeliveryState[] | undefined;
}

/** Newest first. */
export function listDeliveries(
  db: DatabaseOrTransaction,
  environmentId: string,
  filters: DeliveryFilters,
  page: Page,
): Promise<Delivery[]> {
  let query = db.selectFrom("deliveries").selectAll().where("environment_id", "=", environmentId);
  if (filters.eventId !== undefined) query = query.where("event_id", "=", filters.eventId);
  if (filters.destinationId !== undefined) query = query.where("destination_id", "=", filters.destinationId);
  if (filters.states !== undefined) query = query.where("state", "in", filters.states);
  if (page.before !== undefined) query = query.where("delivery_id", "<", page.before);
  return query.orderBy("delivery_id", "desc").limit(page.limit).execute();
}

/** Of one delivery, in the order they were made. */
export function listAttempts(db: DatabaseOrTransaction, id: DeliveryId): Promise<Attempt[]> {
  return db
    .selectFrom("attempts")
    .selectAll()
    .where("environment_id", "=", id.environmentId)
    .where("delivery_id", "=", id.deliveryId)
    .orderBy("attempt_id")
    .execute();
}
