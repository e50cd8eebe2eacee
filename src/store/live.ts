/**
 * The news of an environment within the last seconds: events, attempts to deliver them, and requests to its built-in
 * receivers.
 */
import { type Selectable, sql } from "kysely";
import { lowestIdAt } from "./identifiers.ts";
import { listRequestsFrom, type RequestSummary } from "./receivers.ts";
import type { AttemptsTable, DatabaseOrTransaction, EventsTable } from "./tables.ts";

export type LiveEvent = Pick<
  Selectable<EventsTable>,
  "event_id" | "type" | "user_id" | "reference_id" | "provider" | "body_bytes" | "created_at"
>;

export type LiveAttempt = Omit<Selectable<AttemptsTable>, "environment_id" | "response" | "request">;

export interface Happenings {
  readonly events: readonly LiveEvent[];
  readonly attempts: readonly LiveAttempt[];
  readonly received: readonly RequestSummary[];
}

/** Oldest first; of each the newest ones, as many as the limit. */
export async function readHappenings(
  db: DatabaseOrTransaction,
  environmentId: string,
  { since, limit }: { readonly since: Date; readonly limit: number },
): Promise<Happenings> {
  const from = lowestIdAt(since);
  const [events, attempts, received] = await Promise.all([
    sql<LiveEvent>`SELECT event_id, type, user_id, reference_id, provider, body_bytes, created_at FROM events
      WHERE environment_id = ${environmentId} AND event_id >= ${from}
      ORDER BY event_id DESC LIMIT ${limit}`.execute(db),
    sql<LiveAttempt>`SELECT attempt_id, delivery_id, event_id, destination_id, number, started_at, duration_ms,
      outcome, status, code FROM attempts
      WHERE environment_id = ${environmentId} AND attempt_id >= ${from}
      ORDER BY attempt_id DESC LIMIT ${limit}`.execute(db),
    listRequestsFrom(db, environmentId, { from, limit }),
  ]);
  return {
    events: events.rows.reverse(),
    attempts: attempts.rows.reverse(),
    received: received.reverse(),
  };
}
