/** Records whose parts have changed: each waits as a row until it is made anew, whatever becomes of the process. */
import { sql } from "kysely";
import type { RecordRef } from "../providers/provider.ts";
import type { ConnectionId } from "./connections.ts";
import type { DatabaseOrTransaction, DatabaseTransaction } from "./tables.ts";

export async function noteStale(
  tx: DatabaseTransaction,
  { environmentId, userId }: ConnectionId,
  refs: readonly RecordRef[],
): Promise<void> {
  if (refs.length === 0) return;
  const [types, keys] = [refs.map(({ type }) => type), refs.map(({ naturalKey }) => naturalKey)];
  await sql`INSERT INTO stale_records (environment_id, user_id, type, natural_key)
    SELECT DISTINCT ${environmentId}::uuid, ${userId}::uuid, type, natural_key
    FROM unnest(${types}::text[], ${keys}::text[]) AS changed(type, natural_key)
    ON CONFLICT DO NOTHING`.execute(tx);
}

/** Returns the next ones, the largest keys first: keys that begin with a date come newest first. */
export async function nextStale(
  db: DatabaseOrTransaction,
  { environmentId, userId }: ConnectionId,
  after: RecordRef | null,
  limit: number,
): Promise<RecordRef[]> {
  const isAfter =
    after === null ? sql`true` : sql`(s.natural_key, s.type) < (${after.naturalKey}, ${after.type})`;
  const { rows } = await sql<RecordRef>`
    SELECT s.type, s.natural_key AS "naturalKey" FROM stale_records s
    WHERE s.environment_id = ${environmentId} AND s.user_id = ${userId} AND ${isAfter}
    ORDER BY s.natural_key DESC, s.type DESC LIMIT ${limit}`.execute(db);
  return rows;
}

/** Takes one away, since it is made anew in this transaction. Returns whether it was there. */
export async function takeStale(
  tx: DatabaseTransaction,
  { environmentId, userId }: ConnectionId,
  { type, naturalKey }: RecordRef,
): Promise<boolean> {
  const { numDeletedRows } = await tx
    .deleteFrom("stale_records")
    .where("environment_id", "=", environmentId)
    .where("user_id", "=", userId)
    .where("type", "=", type)
    .where("natural_key", "=", naturalKey)
    .executeTakeFirst();
  return numDeletedRows > 0n;
}
