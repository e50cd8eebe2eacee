/** Finds the records of a person whose natural keys begin alike. */
import { sql } from "kysely";
import type { RecordRef } from "../providers/provider.ts";
import type { ConnectionId } from "./connections.ts";
import type { DatabaseOrTransaction } from "./tables.ts";

/** Returns those that exist, of the reference's type, whose keys begin with its key. */
export async function recordsBeginning(
  db: DatabaseOrTransaction,
  { environmentId, userId }: ConnectionId,
  { type, naturalKey }: RecordRef,
): Promise<RecordRef[]> {
  const { rows } = await sql<RecordRef>`
    SELECT r.type, r.natural_key AS "naturalKey" FROM records r
    WHERE r.environment_id = ${environmentId} AND r.user_id = ${userId} AND r.type = ${type}
      AND starts_with(r.natural_key, ${naturalKey})
    ORDER BY r.natural_key`.execute(db);
  return rows;
}
