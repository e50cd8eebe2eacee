/** Built-in receivers, each with a destination that posts to it, and the newest requests that came. */
import { type Selectable, sql } from "kysely";
import { hashSecret } from "../security/secrets.ts";
import { newId } from "./identifiers.ts";
import type { Page } from "./rows.ts";
import type {
  DatabaseOrTransaction,
  DatabaseTransaction,
  ReceiverRequestsTable,
  ReceiversTable,
} from "./tables.ts";

export type Receiver = Omit<Selectable<ReceiversTable>, "token_hash">;
export type ReceiverRequest = Selectable<ReceiverRequestsTable>;
/** A request without what is large. */
export type RequestSummary = Omit<ReceiverRequest, "headers" | "body">;

export interface ReceiverId {
  readonly environmentId: string;
  readonly receiverId: string;
}

const mostRequests = 200;
/** The limit of all kept bodies together; the newest request is kept in any case. */
const mostBytes = 32 * 1024 * 1024;
/** After this long without anybody looking, a receiver is forgotten. */
export const forgottenMs = 24 * 3_600_000;
const touchMs = 60_000;

const shown = ["environment_id", "receiver_id", "destination_id", "created_at", "looked_at"] as const;
const summary = [
  "environment_id",
  "receiver_id",
  "request_id",
  "received_at",
  "body_bytes",
  "verdict",
  "type",
  "user_id",
  "reference_id",
] as const;

export function insertReceiver(
  tx: DatabaseTransaction,
  { environmentId, destinationId }: { readonly environmentId: string; readonly destinationId: string },
  token: string,
): Promise<Receiver> {
  return tx
    .insertInto("receivers")
    .values({
      environment_id: environmentId,
      receiver_id: newId(),
      destination_id: destinationId,
      token_hash: hashSecret(token),
    })
    .returning(shown)
    .executeTakeFirstOrThrow();
}

/** Holds an environment's number of receivers until the transaction ends. */
export async function lockReceivers(tx: DatabaseTransaction, environmentId: string): Promise<void> {
  await sql`SELECT pg_advisory_xact_lock(hashtext('systole receivers'), hashtext(${environmentId}))`.execute(
    tx,
  );
}

/** Returns the newest first. */
export function listReceivers(db: DatabaseOrTransaction, environmentId: string): Promise<Receiver[]> {
  return db
    .selectFrom("receivers")
    .select(shown)
    .where("environment_id", "=", environmentId)
    .orderBy("receiver_id", "desc")
    .execute();
}

export async function findReceiver(
  db: DatabaseOrTransaction,
  { environmentId, receiverId }: ReceiverId,
): Promise<Receiver | null> {
  const found = await db
    .selectFrom("receivers")
    .select(shown)
    .where("environment_id", "=", environmentId)
    .where("receiver_id", "=", receiverId)
    .executeTakeFirst();
  return found ?? null;
}

export async function findReceiverByToken(
  db: DatabaseOrTransaction,
  token: string,
): Promise<Receiver | null> {
  const found = await db
    .selectFrom("receivers")
    .select(shown)
    .where("token_hash", "=", hashSecret(token))
    .executeTakeFirst();
  return found ?? null;
}

/** Notes that somebody looks at a receiver: once a minute is enough. */
export async function touchReceiver(
  db: DatabaseOrTransaction,
  { environmentId, receiverId }: ReceiverId,
  now: Date,
): Promise<void> {
  await db
    .updateTable("receivers")
    .set({ looked_at: now })
    .where("environment_id", "=", environmentId)
    .where("receiver_id", "=", receiverId)
    .where("looked_at", "<", new Date(now.getTime() - touchMs))
    .execute();
}

/** Returns the receivers that nobody has looked at for a day. */
export function listForgotten(db: DatabaseOrTransaction, now: Date): Promise<Receiver[]> {
  return db
    .selectFrom("receivers")
    .select(shown)
    .where("looked_at", "<", new Date(now.getTime() - forgottenMs))
    .execute();
}

/** Returns the newest first. */
export function listRequests(
  db: DatabaseOrTransaction,
  { environmentId, receiverId }: ReceiverId,
  { limit, before }: Page,
): Promise<RequestSummary[]> {
  let query = db
    .selectFrom("receiver_requests")
    .select(summary)
    .where("environment_id", "=", environmentId)
    .where("receiver_id", "=", receiverId);
  if (before !== undefined) query = query.where("request_id", "<", before);
  return query.orderBy("request_id", "desc").limit(limit).execute();
}

export async function findRequest(
  db: DatabaseOrTransaction,
  { environmentId, receiverId }: ReceiverId,
  requestId: string,
): Promise<ReceiverRequest | null> {
  const found = await db
    .selectFrom("receiver_requests")
    .selectAll()
    .where("environment_id", "=", environmentId)
    .where("receiver_id", "=", receiverId)
    .where("request_id", "=", requestId)
    .executeTakeFirst();
  return found ?? null;
}

export type ArrivedRequest = Pick<
  ReceiverRequest,
  "headers" | "body" | "verdict" | "type" | "user_id" | "reference_id"
>;

/**
 * Keeps a request as the newest, and drops what is beyond the limits. Nothing is kept of a person who was erased
 * meanwhile, nor by a receiver that was removed.
 */
export async function keepRequest(
  tx: DatabaseTransaction,
  id: ReceiverId,
  { headers, ...request }: ArrivedRequest,
): Promise<void> {
  if (await isErased(tx, id.environmentId, request)) return;
  const held = await tx
    .selectFrom("receivers")
    .select("receiver_id")
    .where("environment_id", "=", id.environmentId)
    .where("receiver_id", "=", id.receiverId)
    .forUpdate()
    .executeTakeFirst();
  if (held === undefined) return;
  const row = {
    environment_id: id.environmentId,
    receiver_id: id.receiverId,
    request_id: newId(),
    headers: JSON.stringify(headers),
    body_bytes: request.body.length,
    ...request,
  };
  await tx.insertInto("receiver_requests").values(row).execute();
  await dropOldest(tx, id);
}

/** Waits for an erasure of the person that is under way. Their `deauth` event comes after it and names only ids. */
async function isErased(
  tx: DatabaseTransaction,
  environmentId: string,
  { user_id: userId, type }: Pick<ArrivedRequest, "user_id" | "type">,
): Promise<boolean> {
  if (userId === null || type === "deauth") return false;
  await sql`SELECT FROM connections WHERE environment_id = ${environmentId} AND user_id = ${userId}
    FOR SHARE`.execute(tx);
  const { rows } = await sql`SELECT FROM erasures
    WHERE environment_id = ${environmentId} AND user_id = ${userId} LIMIT 1`.execute(tx);
  return rows.length > 0;
}

async function dropOldest(tx: DatabaseTransaction, { environmentId, receiverId }: ReceiverId): Promise<void> {
  const own = sql`environment_id = ${environmentId} AND receiver_id = ${receiverId}`;
  await sql`DELETE FROM receiver_requests WHERE ${own} AND request_id IN (
    SELECT request_id FROM (
      SELECT request_id, row_number() OVER newest AS place, sum(body_bytes) OVER newest AS bytes
      FROM receiver_requests WHERE ${own} WINDOW newest AS (ORDER BY request_id DESC)
    ) kept WHERE place > ${mostRequests} OR (place > 1 AND bytes > ${mostBytes}))`.execute(tx);
}

/** Returns an environment's requests whose ids are at least this, newest first. */
export async function listRequestsFrom(
  db: DatabaseOrTransaction,
  environmentId: string,
  { from, limit }: { readonly from: string; readonly limit: number },
): Promise<RequestSummary[]> {
  return db
    .selectFrom("receiver_requests")
    .select(summary)
    .where("environment_id", "=", environmentId)
    .where("request_id", ">=", from)
    .orderBy("request_id", "desc")
    .limit(limit)
    .execute();
}
