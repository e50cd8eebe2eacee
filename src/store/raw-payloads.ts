/** Raw payloads: a provider's answers, byte for byte, before anything is made of them. */
import { subtle } from "node:crypto";
import { readFile } from "node:fs/promises";
import { sql } from "kysely";
import { SystoleError } from "../errors.ts";
import type { ProviderRequest, ProviderResponse, ResourceRef } from "../providers/provider.ts";
import { bodyError } from "./bodies/body-error.ts";
import { type LocalBody, largeBody } from "./bodies/body-store.ts";
import { type OutsideBodies, packedOf, placeBody } from "./bodies/outside.ts";
import type { BodySource } from "./bodies/source.ts";
import type { ConnectionId } from "./connections.ts";
import { newId } from "./identifiers.ts";
import type { DatabaseOrTransaction, DatabaseTransaction } from "./tables.ts";
import { compress, decompress } from "./zstd.ts";

/**
 * Returns the number to draw before a request is sent; the answer to the request with the larger number is
 * the newer one.
 */
export async function nextFetchOrder(db: DatabaseOrTransaction): Promise<string> {
  const { rows } = await sql<{ value: string }>`SELECT nextval('fetch_order') AS value`.execute(db);
  return (rows[0] as { value: string }).value;
}

/** Returns several numbers at once, in order. */
export async function nextFetchOrders(db: DatabaseOrTransaction, count: number): Promise<string[]> {
  const { rows } = await sql<{ value: string }>`
    SELECT nextval('fetch_order') AS value FROM generate_series(1, ${count}::integer)`.execute(db);
  return rows.map(({ value }) => value);
}

export interface FetchedPayload extends ResourceRef {
  readonly connection: ConnectionId;
  readonly provider: string;
  readonly request: ProviderRequest;
  readonly response: ProviderResponse;
  readonly taskId: string;
  /**
   * The place in the order of arrival, where parts of it grow. A body that arrives again then takes the later place,
   * whatever came between, as it does in a fold from the beginning.
   */
  readonly fetchOrder?: string;
}

/** Stores a body unless it equals the newest answer to the same request; returns its id. */
export async function keepRawPayload(
  db: DatabaseOrTransaction,
  fetched: FetchedPayload,
  outside?: OutsideBodies,
): Promise<string> {
  // Off the main thread: 64 MB take a while.
  const sha256 = Buffer.from(await subtle.digest("SHA-256", new Uint8Array(fetched.response.body)));
  const known =
    fetched.fetchOrder === undefined
      ? await findNewestEqual(db, fetched, sha256)
      : await moveEqual(db, fetched.connection, { ...fetched, sha256, fetchOrder: fetched.fetchOrder });
  if (known !== null) return known;
  const rawPayloadId = newId();
  const { response, request } = fetched;
  const packed = await compress(response.body, "small");
  const bytes = response.body.length;
  const placed = await placeBody(db, outside, { ...fetched.connection, sha256 }, packed);
  await insertRawPayload(db, {
    ...fetched,
    rawPayloadId,
    sha256,
    method: request.method,
    path: request.path,
    status: response.status,
    contentType: response.contentType,
    body: placed.key === null ? { packed: placed.packed, bytes } : { key: placed.key, bytes },
    fetchOrder: fetched.fetchOrder ?? null,
  });
  return rawPayloadId;
}

/** A body in its row, or in the body store. */
export type PlacedBody =
  | { readonly packed: Buffer; readonly bytes: number }
  | { readonly key: string; readonly bytes: number };

export interface NewRawPayload extends ResourceRef {
  readonly connection: ConnectionId;
  readonly provider: string;
  readonly rawPayloadId: string;
  readonly method: string;
  readonly path: string;
  readonly status: number;
  readonly contentType: string | null;
  readonly body: PlacedBody;
  readonly sha256: Buffer;
  readonly taskId: string | null;
  readonly fetchOrder: string | null;
}

export async function insertRawPayload(db: DatabaseOrTransaction, payload: NewRawPayload): Promise<void> {
  const { connection, body } = payload;
  const isOutside = "key" in body;
  await db
    .insertInto("raw_payloads")
    .values({
      environment_id: connection.environmentId,
      raw_payload_id: payload.rawPayloadId,
      user_id: connection.userId,
      provider: payload.provider,
      resource: payload.resource,
      resource_key: payload.key,
      request_method: payload.method,
      request_path: payload.path,
      response_status: payload.status,
      content_type: payload.contentType,
      body: isOutside ? null : body.packed,
      body_bytes: isOutside ? null : body.bytes,
      body_key: isOutside ? body.key : null,
      outside_bytes: isOutside ? body.bytes : null,
      sha256: payload.sha256,
      fetched_at: new Date(),
      task_id: payload.taskId,
      fetch_order: payload.fetchOrder,
    })
    .execute();
}

async function findNewestEqual(
  db: DatabaseOrTransaction,
  fetched: FetchedPayload,
  sha256: Buffer,
): Promise<string | null> {
  const { environmentId, userId } = fetched.connection;
  const newest = await db
    .selectFrom("raw_payloads")
    .select(["raw_payload_id", "sha256"])
    .select(sql<boolean>`body IS NOT NULL OR body_key IS NOT NULL`.as("has_body"))
    .where("environment_id", "=", environmentId)
    .where("user_id", "=", userId)
    .where("resource", "=", fetched.resource)
    .where("resource_key", "=", fetched.key)
    // All pages of a list have the same key.
    .where("request_path", "=", fetched.request.path)
    .orderBy("raw_payload_id", "desc")
    .limit(1)
    .executeTakeFirst();
  // The body may be past its retention.
  return newest?.has_body && newest.sha256.equals(sha256) ? newest.raw_payload_id : null;
}

/** A body and its place in the order of arrival. */
export interface ArrivedBody extends ResourceRef {
  readonly sha256: Buffer;
  readonly fetchOrder: string;
}

/** A stored body that equals one that arrives. */
export interface EqualBody {
  readonly rawPayloadId: string;
  /** Whether it has the same key, nothing came after it, and it did not fail: then it has nothing to say again. */
  readonly isSettled: boolean;
}

/** Finds a body by its bytes, whatever key it has. */
export async function findEqual(
  db: DatabaseOrTransaction,
  { environmentId, userId }: ConnectionId,
  { resource, key, sha256 }: Omit<ArrivedBody, "fetchOrder">,
): Promise<EqualBody | null> {
  const { rows } = await sql<{ rawPayloadId: string; taskId: string | null; isLast: boolean }>`
    SELECT p.raw_payload_id AS "rawPayloadId", p.task_id AS "taskId",
      p.resource_key = ${key} AND NOT EXISTS (SELECT FROM raw_payloads n WHERE n.environment_id = p.environment_id AND n.user_id = p.user_id
        AND n.fetch_order > p.fetch_order) AS "isLast"
    FROM raw_payloads p
    WHERE p.environment_id = ${environmentId} AND p.user_id = ${userId} AND p.resource = ${resource}
      AND p.sha256 = ${sha256} AND p.fetch_order IS NOT NULL
    LIMIT 1`.execute(db);
  const [equal] = rows;
  if (equal === undefined) return null;
  const { rawPayloadId, taskId, isLast } = equal;
  return { rawPayloadId, isSettled: isLast && !(await hasFailed(db, environmentId, taskId)) };
}

async function hasFailed(
  db: DatabaseOrTransaction,
  environmentId: string,
  taskId: string | null,
): Promise<boolean> {
  if (taskId === null) return false;
  const failed = await db
    .selectFrom("fetch_tasks")
    .select("task_id")
    .where("environment_id", "=", environmentId)
    .where("task_id", "=", taskId)
    .where("state", "=", "failed")
    .executeTakeFirst();
  return failed !== undefined;
}

/** Gives a body the later place in the order, the key under which it came again, and its new task. */
export async function movePayload(
  tx: DatabaseTransaction,
  { environmentId, userId }: ConnectionId,
  rawPayloadId: string,
  { key, fetchOrder, taskId }: Pick<ArrivedBody, "key" | "fetchOrder"> & { readonly taskId: string },
): Promise<void> {
  await tx
    .updateTable("raw_payloads")
    .set({ resource_key: key, fetch_order: fetchOrder, task_id: taskId })
    .where("environment_id", "=", environmentId)
    .where("user_id", "=", userId)
    .where("raw_payload_id", "=", rawPayloadId)
    .execute();
}

/** Gives an equal body of the person, if there is one, the later place in the order. Returns its id. */
export async function moveEqual(
  db: DatabaseOrTransaction,
  { environmentId, userId }: ConnectionId,
  { resource, key, sha256, fetchOrder }: ArrivedBody,
): Promise<string | null> {
  const equal = await db
    .updateTable("raw_payloads")
    .set({ fetch_order: sql<string>`greatest(fetch_order, ${fetchOrder}::bigint)` })
    .where("environment_id", "=", environmentId)
    .where("user_id", "=", userId)
    .where("resource", "=", resource)
    .where("resource_key", "=", key)
    .where("sha256", "=", sha256)
    .where("fetch_order", "is not", null)
    .returning("raw_payload_id")
    .executeTakeFirst();
  return equal?.raw_payload_id ?? null;
}

/** Returns the place of a payload in the order of arrival; null where it has none. */
export async function findFetchOrder(
  db: DatabaseOrTransaction,
  environmentId: string,
  rawPayloadId: string,
): Promise<string | null> {
  const row = await db
    .selectFrom("raw_payloads")
    .select("fetch_order")
    .where("environment_id", "=", environmentId)
    .where("raw_payload_id", "=", rawPayloadId)
    .executeTakeFirst();
  return row?.fetch_order ?? null;
}

/** The bodies that one try reads. */
export interface KeptBodies extends ConnectionId {
  readonly rawPayloadIds: readonly string[];
}

/**
 * Counts a try to read bodies, or to make a record of them, before it begins; returns the largest number of
 * tries of one of them that have begun and not ended, this one included.
 */
export async function beginParsing(
  db: DatabaseOrTransaction,
  { environmentId, userId, rawPayloadIds }: KeptBodies,
): Promise<number> {
  const rows = await db
    .updateTable("raw_payloads")
    .set({ parse_tries: sql<number>`least(parse_tries + 1, 100)` })
    .where("environment_id", "=", environmentId)
    .where("user_id", "=", userId)
    .where("raw_payload_id", "in", [...rawPayloadIds])
    .returning("parse_tries")
    .execute();
  return Math.max(1, ...rows.map(({ parse_tries }) => parse_tries));
}

/** Uncounts a try that ended without killing its worker or process. */
export async function endParsing(
  db: DatabaseOrTransaction,
  { environmentId, userId, rawPayloadIds }: KeptBodies,
): Promise<void> {
  await db
    .updateTable("raw_payloads")
    .set({ parse_tries: sql<number>`greatest(parse_tries - 1, 0)` })
    .where("environment_id", "=", environmentId)
    .where("user_id", "=", userId)
    .where("raw_payload_id", "in", [...rawPayloadIds])
    .execute();
}

/** Returns the provider's bytes, or null when there is no such payload. */
export async function readRawPayload(
  source: BodySource,
  id: ConnectionId,
  rawPayloadId: string,
): Promise<Buffer | null> {
  const body = await openRawPayload(source, id, rawPayloadId);
  if (body === null || Buffer.isBuffer(body)) return body;
  await using local = body;
  return readLocal(local);
}

export async function readLocal({ file, isPacked }: OpenedBody): Promise<Buffer> {
  const stored = await readFile(file);
  return isPacked ? decompress(stored) : stored;
}

/** A body of the body store, as a file. */
export interface OpenedBody extends LocalBody {
  /** Its length, unpacked. */
  readonly bytes: number;
  /** Whether the file is compressed with zstd. */
  readonly isPacked: boolean;
}

/** What is longer stays a file: its reader is a thread of its own. */
const mostInMemory = largeBody;

/** Returns null where the body is missing. */
async function readPacked(bodies: BodySource["bodies"], key: string): Promise<Buffer | null> {
  try {
    return await decompress(await packedOf(bodies, null, key));
  } catch (error) {
    if (error instanceof SystoleError && error.code === "BODY_MISSING") return null;
    throw error;
  }
}

/** Returns the provider's bytes, or the file that has them; null when there is no such payload, or no body of it. */
export async function openRawPayload(
  { db, bodies }: BodySource,
  { environmentId, userId }: ConnectionId,
  rawPayloadId: string,
): Promise<Buffer | OpenedBody | null> {
  const row = await db
    .selectFrom("raw_payloads")
    .select(["body", "body_key", "outside_bytes"])
    .where("environment_id", "=", environmentId)
    .where("user_id", "=", userId)
    .where("raw_payload_id", "=", rawPayloadId)
    .executeTakeFirst();
  if (row === undefined) return null;
  if (row.body !== null) return decompress(row.body);
  if (row.body_key === null) return null;
  if (Number(row.outside_bytes) <= mostInMemory && row.body_key.endsWith(".zst"))
    return readPacked(bodies, row.body_key);
  const local = await bodies.open(row.body_key).catch((error: unknown) => {
    throw bodyError(error, "read");
  });
  if (local === null) return null;
  const isPacked = row.body_key.endsWith(".zst");
  const dispose = () => local[Symbol.asyncDispose]();
  return { file: local.file, bytes: Number(row.outside_bytes), isPacked, [Symbol.asyncDispose]: dispose };
}
