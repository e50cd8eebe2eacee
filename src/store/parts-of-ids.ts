/** Finds the parts of things by the ids at the end of their keys. */
import { sql } from "kysely";
import type { ConnectionId } from "./connections.ts";
import type { DatabaseOrTransaction } from "./tables.ts";

interface Asked {
  readonly resource: string;
  readonly ids: readonly string[];
  /** A place in the order of fetches: only parts of earlier fetches are found. */
  readonly before: string;
}

/** Returns the keys of the parts that end with a slash and one of the ids. */
export async function findPartsOfIds(
  db: DatabaseOrTransaction,
  { environmentId, userId }: ConnectionId,
  { resource, ids, before }: Asked,
): Promise<string[]> {
  const { rows } = await sql<{ key: string }>`
    SELECT q.part_key AS key FROM raw_parts q
    WHERE q.environment_id = ${environmentId} AND q.user_id = ${userId} AND q.resource = ${resource}
      AND q.raw_payload_id IS NOT NULL AND q.fetch_order < ${before}::bigint
      AND substring(q.part_key FROM '/([^/]*)$') = ANY(${[...ids]}::text[])
    ORDER BY q.part_key`.execute(db);
  return rows.map(({ key }) => key);
}
