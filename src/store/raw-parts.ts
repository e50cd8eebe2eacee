/** Raw parts: which payload is the newest source of each part of a person's data, and when its content last changed. */
import { type Insertable, type NotNull, type SqlBool, sql } from "kysely";
import type { Part, PartsRef, ResourceRef } from "../providers/provider.ts";
import type { ConnectionId } from "./connections.ts";
import { contentHash } from "./content-hash.ts";
import type { DatabaseOrTransaction, DatabaseTransaction, RawPartsTable } from "./tables.ts";

/** The parts of a payload that are new or have changed. */
export interface PartChanges {
  readonly added: readonly Part[];
  readonly changed: readonly Part[];
}

/** Facts of a part that are stored beside it. */
export interface PartFacts {
  /** An index's description of the part; null if there is none. */
  fingerprint?(part: Part): string | null;
  /** When the part's thing began, where another API may tell of it under its own id; null for all others. */
  startsAt?(part: Part): Date | null;
}

/**
 * Makes a payload the source of its parts, unless a newer request has been answered already. The caller holds
 * the connection's lock.
 */
export async function pointParts(
  tx: DatabaseTransaction,
  connection: ConnectionId,
  source: { rawPayloadId: string; resourceKey: string; fetchOrder: string },
  parts: readonly Part[],
  { fingerprint = () => null, startsAt = () => null }: PartFacts = {},
): Promise<PartChanges> {
  if (parts.length === 0) return { added: [], changed: [] };
  const { environmentId, userId } = connection;
  const hashes = new Map(
    parts.map((part) => [part, Buffer.from(part.contentHash ?? contentHash(part.value))]),
  );
  const changes = compare(await findHashes(tx, connection, parts), source.fetchOrder, hashes);
  const rows = parts.map((part) => ({
    environment_id: environmentId,
    user_id: userId,
    resource: part.resource,
    part_key: part.key,
    raw_payload_id: source.rawPayloadId,
    resource_key: source.resourceKey,
    fetch_order: source.fetchOrder,
    changed_order: source.fetchOrder,
    content_hash: hashes.get(part) ?? null,
    fingerprint: fingerprint(part),
    starts_at: startsAt(part),
  }));
  for (let start = 0; start < rows.length; start += mostRows) {
    await writeParts(tx, rows.slice(start, start + mostRows));
  }
  return changes;
}

/** The rows of one statement: the driver takes at most 65,535 values. */
const mostRows = 1_000;

/** Writes parts. Bodies of one upload have the same place in the order; then the later one wins. */
async function writeParts(
  tx: DatabaseTransaction,
  rows: readonly Insertable<RawPartsTable>[],
): Promise<void> {
  await tx
    .insertInto("raw_parts")
    .values(rows)
    .onConflict((conflict) =>
      conflict
        .columns(["environment_id", "user_id", "resource", "part_key"])
        .doUpdateSet((excluded) => ({
          raw_payload_id: excluded.ref("excluded.raw_payload_id"),
          resource_key: excluded.ref("excluded.resource_key"),
          fetch_order: excluded.ref("excluded.fetch_order"),
          changed_order: sql<string>`CASE WHEN raw_parts.content_hash = excluded.content_hash
            THEN raw_parts.changed_order ELSE excluded.changed_order END`,
          content_hash: excluded.ref("excluded.content_hash"),
          fingerprint: excluded.ref("excluded.fingerprint"),
          starts_at: excluded.ref("excluded.starts_at"),
        }))
        .whereRef("raw_parts.fetch_order", "<=", "excluded.fetch_order"),
    )
    .execute();
}

interface HeldPart {
  readonly resource: string;
  readonly part_key: string;
  readonly fetch_order: string;
  readonly content_hash: Buffer | null;
}

async function findHashes(
  tx: DatabaseTransaction,
  { environmentId, userId }: ConnectionId,
  parts: readonly Part[],
): Promise<ReadonlyMap<string, HeldPart>> {
  const held = await tx
    .selectFrom("raw_parts")
    .select(["resource", "part_key", "fetch_order", "content_hash"])
    .where("environment_id", "=", environmentId)
    .where("user_id", "=", userId)
    .where("resource", "in", [...new Set(parts.map(({ resource }) => resource))])
    .where("part_key", "in", [...new Set(parts.map(({ key }) => key))])
    .execute();
  return new Map(held.map((row) => [`${row.resource} ${row.part_key}`, row]));
}

/**
 * Finds the changed parts. A part stored before hashes existed counts as changed; an outdated answer changes
 * nothing.
 */
function compare(
  held: ReadonlyMap<string, HeldPart>,
  fetchOrder: string,
  hashes: ReadonlyMap<Part, Buffer>,
): PartChanges {
  const added: Part[] = [];
  const changed: Part[] = [];
  for (const [part, hash] of hashes) {
    const known = held.get(`${part.resource} ${part.key}`);
    if (known === undefined) added.push(part);
    else if (BigInt(known.fetch_order) <= BigInt(fetchOrder) && !known.content_hash?.equals(hash)) {
      changed.push(part);
    }
  }
  return { added, changed };
}

/** Returns an index's description of each part when it was last fetched, by key; null if it has none yet. */
export async function findFingerprints(
  db: DatabaseOrTransaction,
  { environmentId, userId }: ConnectionId,
  refs: readonly ResourceRef[],
): Promise<ReadonlyMap<string, string | null>> {
  if (refs.length === 0) return new Map();
  const rows = await db
    .selectFrom("raw_parts")
    .select(["resource", "part_key", "fingerprint"])
    .where("environment_id", "=", environmentId)
    .where("user_id", "=", userId)
    .where("resource", "in", [...new Set(refs.map(({ resource }) => resource))])
    .where("part_key", "in", [...new Set(refs.map(({ key }) => key))])
    .execute();
  return new Map(rows.map((row) => [`${row.resource} ${row.part_key}`, row.fingerprint]));
}

export interface PartSource {
  readonly resource: string;
  readonly partKey: string;
  readonly rawPayloadId: string;
  readonly resourceKey: string;
}

/** Returns the source of each of these parts; parts never fetched, or deleted, are left out. */
export async function findPartSources(
  db: DatabaseOrTransaction,
  { environmentId, userId }: ConnectionId,
  refs: readonly PartsRef[],
): Promise<PartSource[]> {
  const rows = await db
    .selectFrom("raw_parts")
    .select(["resource", "part_key", "raw_payload_id", "resource_key"])
    .where("raw_payload_id", "is not", null)
    .$narrowType<{ raw_payload_id: NotNull }>()
    .where("environment_id", "=", environmentId)
    .where("user_id", "=", userId)
    .where((where) =>
      where.or(
        refs.map(({ resource, key, prefix, suffix }) =>
          where.and([
            where("resource", "=", resource),
            prefix
              ? sql<SqlBool>`starts_with(part_key, ${key})`
              : suffix
                ? sql<SqlBool>`right(part_key, length(${key})) = ${key}`
                : where("part_key", "=", key),
          ]),
        ),
      ),
    )
    .orderBy("part_key")
    .execute();
  return rows.map((row) => ({
    resource: row.resource,
    partKey: row.part_key,
    rawPayloadId: row.raw_payload_id,
    resourceKey: row.resource_key,
  }));
}

/**
 * Returns those of a thing's files that we hold as they are since the thing last changed. One that was asked for before
 * that may have changed with it; should it be gone since, it is never held again, as one that never was there.
 */
export async function findHeldFiles(
  db: DatabaseOrTransaction,
  { environmentId, userId }: ConnectionId,
  thing: ResourceRef,
  files: readonly ResourceRef[],
): Promise<ResourceRef[]> {
  const [resources, keys] = [files.map(({ resource }) => resource), files.map(({ key }) => key)];
  const { rows } = await sql<ResourceRef>`
    SELECT held.resource, held.part_key AS key FROM raw_parts held
    JOIN unnest(${resources}::text[], ${keys}::text[]) AS file(resource, part_key) USING (resource, part_key)
    WHERE held.environment_id = ${environmentId} AND held.user_id = ${userId} AND held.raw_payload_id IS NOT NULL
      AND held.fetch_order >= coalesce((
        SELECT changed_order FROM raw_parts thing
        WHERE thing.environment_id = ${environmentId} AND thing.user_id = ${userId}
          AND thing.resource = ${thing.resource} AND thing.part_key = ${thing.key}), 0)`.execute(db);
  return rows;
}

/**
 * Marks parts as deleted at the provider. An older answer no longer counts, even when it arrives later; a newer one
 * does. The bodies stay.
 */
export async function markDeleted(
  tx: DatabaseTransaction,
  { environmentId, userId }: ConnectionId,
  refs: readonly ResourceRef[],
  fetchOrder: string,
): Promise<void> {
  const [resources, keys] = [refs.map(({ resource }) => resource), refs.map(({ key }) => key)];
  await sql`INSERT INTO raw_parts
      (environment_id, user_id, resource, part_key, raw_payload_id, resource_key, fetch_order)
    SELECT DISTINCT ${environmentId}::uuid, ${userId}::uuid, resource, part_key, NULL::uuid, part_key, ${fetchOrder}::bigint
    FROM unnest(${resources}::text[], ${keys}::text[]) AS deleted(resource, part_key)
    ON CONFLICT (environment_id, user_id, resource, part_key) DO UPDATE
      SET raw_payload_id = NULL, fetch_order = excluded.fetch_order, content_hash = NULL, fingerprint = NULL
      WHERE raw_parts.fetch_order <= excluded.fetch_order`.execute(tx);
}
