/** Raw payloads without their bodies: the request, its time, and the answer's properties. */
import { type Selectable, sql } from "kysely";
import type { ConnectionId } from "./connections.ts";
import type { Page } from "./rows.ts";
import type { DatabaseOrTransaction, RawPayloadsTable } from "./tables.ts";

type Facts = Omit<
  Selectable<RawPayloadsTable>,
  "body" | "body_key" | "body_bytes" | "outside_bytes" | "parse_tries" | "fetch_order"
>;

export interface PayloadFacts extends Facts {
  readonly body_bytes: number;
}

const payloadsOf = (db: DatabaseOrTransaction, { environmentId, userId }: ConnectionId) =>
  db
    .selectFrom("raw_payloads")
    .select(["environment_id", "raw_payload_id", "user_id", "provider", "resource", "resource_key"])
    .select(["request_method", "request_path", "response_status", "content_type", "sha256"])
    .select(sql<number>`coalesce(outside_bytes, body_bytes)::float8`.as("body_bytes"))
    .select(["fetched_at", "task_id"])
    .where("environment_id", "=", environmentId)
    .where("user_id", "=", userId);

/** Returns the newest first. */
export function listPayloads(
  db: DatabaseOrTransaction,
  connection: ConnectionId,
  { resource }: { readonly resource?: string | undefined },
  { limit, before }: Page,
): Promise<PayloadFacts[]> {
  let query = payloadsOf(db, connection);
  if (resource !== undefined) query = query.where("resource", "=", resource);
  if (before !== undefined) query = query.where("raw_payload_id", "<", before);
  return query.orderBy("raw_payload_id", "desc").limit(limit).execute();
}

/** Returns the payloads that exist, oldest first. */
export function findPayloads(
  db: DatabaseOrTransaction,
  connection: ConnectionId,
  ids: readonly string[],
): Promise<PayloadFacts[]> {
  if (ids.length === 0) return Promise.resolve([]);
  return payloadsOf(db, connection)
    .where("raw_payload_id", "in", [...ids])
    .orderBy("raw_payload_id")
    .execute();
}

export async function findPayload(
  db: DatabaseOrTransaction,
  connection: ConnectionId,
  rawPayloadId: string,
): Promise<PayloadFacts | null> {
  const found = await payloadsOf(db, connection)
    .where("raw_payload_id", "=", rawPayloadId)
    .executeTakeFirst();
  return found ?? null;
}
