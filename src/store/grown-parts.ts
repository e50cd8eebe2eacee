/** Parts that grow: one row for each, with the state of its fold and the payloads that its items came in. */
import { type RawBuilder, sql } from "kysely";
import type { PartsRef, ResourceRef } from "../providers/provider.ts";
import type { ConnectionId } from "./connections.ts";
import type { DatabaseOrTransaction, DatabaseTransaction } from "./tables.ts";

/** A part as it is stored. */
export interface GrownPart extends ResourceRef {
  /** The state of the fold, as zstd. */
  readonly state: Buffer;
  /** The hash of the items that are in force. */
  readonly contentHash: Buffer;
  /** The payloads that the items in force came in. */
  readonly rawPayloadIds: readonly string[];
}

/** The parts in force, or those of a fold from the beginning that is under way. */
export type Generation = "current" | "shadow";

const columns = sql`g.resource, g.part_key AS key, g.state, g.content_hash AS "contentHash",
  g.raw_payload_ids AS "rawPayloadIds"`;

const ofPerson = ({ environmentId, userId }: ConnectionId, generation: Generation): RawBuilder<unknown> =>
  sql`g.environment_id = ${environmentId} AND g.user_id = ${userId} AND g.is_shadow = ${generation === "shadow"}`;

const unnested = (refs: readonly ResourceRef[]): RawBuilder<unknown> =>
  sql`unnest(${refs.map(({ resource }) => resource)}::text[], ${refs.map(({ key }) => key)}::text[])`;

/** Returns those of the named parts that exist, also those without items in force. */
export async function readGrownParts(
  db: DatabaseOrTransaction,
  id: ConnectionId,
  refs: readonly ResourceRef[],
  generation: Generation = "current",
): Promise<GrownPart[]> {
  if (refs.length === 0) return [];
  const { rows } = await sql<GrownPart>`
    SELECT ${columns} FROM ${unnested(refs)} AS asked(resource, part_key)
    JOIN grown_parts g ON ${ofPerson(id, generation)}
      AND g.resource = asked.resource AND g.part_key = asked.part_key COLLATE "C"`.execute(db);
  return rows;
}

/** Returns the parts that the references name and that have items in force, by resource and key, each once. */
export async function findGrownParts(
  db: DatabaseOrTransaction,
  id: ConnectionId,
  refs: readonly PartsRef[],
): Promise<GrownPart[]> {
  if (refs.length === 0) return [];
  const exact = refs.filter(({ prefix }) => !prefix);
  const prefixes = refs.filter(({ prefix }) => prefix);
  const { rows } = await sql<GrownPart>`
    SELECT ${columns} FROM ${unnested(exact)} AS asked(resource, part_key)
    JOIN grown_parts g ON ${ofPerson(id, "current")} AND cardinality(g.raw_payload_ids) > 0
      AND g.resource = asked.resource AND g.part_key = asked.part_key COLLATE "C"
    UNION
    SELECT ${columns} FROM ${unnested(prefixes)} AS asked(resource, part_key)
    JOIN grown_parts g ON ${ofPerson(id, "current")} AND cardinality(g.raw_payload_ids) > 0
      AND g.resource = asked.resource AND g.part_key >= asked.part_key COLLATE "C"
      AND g.part_key < (asked.part_key || ${highest}) COLLATE "C"
    ORDER BY 1, 2`.execute(db);
  return rows;
}

/** The character after all that keys have. */
const highest = "\u{10FFFF}";

/** Returns the next parts with items in force, in the order of resources and keys. */
export async function nextGrownParts(
  db: DatabaseOrTransaction,
  id: ConnectionId,
  after: ResourceRef | null,
  limit: number,
): Promise<GrownPart[]> {
  const isAfter =
    after === null
      ? sql`true`
      : sql`(g.resource, g.part_key) > (${after.resource}, ${after.key} COLLATE "C")`;
  const { rows } = await sql<GrownPart>`
    SELECT ${columns} FROM grown_parts g
    WHERE ${ofPerson(id, "current")} AND cardinality(g.raw_payload_ids) > 0 AND ${isAfter}
    ORDER BY g.resource, g.part_key LIMIT ${limit}`.execute(db);
  return rows;
}

/** Whether items in force came in this payload. */
export async function holdsOf(
  tx: DatabaseTransaction,
  id: ConnectionId,
  rawPayloadId: string,
): Promise<boolean> {
  const { rows } = await sql`SELECT FROM grown_parts g
    WHERE ${ofPerson(id, "current")} AND g.raw_payload_ids @> ARRAY[${rawPayloadId}]::uuid[] LIMIT 1`.execute(
    tx,
  );
  return rows.length > 0;
}

/** Removes what is left of a fold from the beginning that did not end. */
export async function dropShadows(tx: DatabaseTransaction, id: ConnectionId): Promise<void> {
  await sql`DELETE FROM grown_parts g WHERE ${ofPerson(id, "shadow")}`.execute(tx);
}

/** Puts the parts that were folded from the beginning in the place of the others. */
export async function swapShadows(tx: DatabaseTransaction, id: ConnectionId): Promise<void> {
  await sql`DELETE FROM grown_parts g WHERE ${ofPerson(id, "current")}`.execute(tx);
  await sql`UPDATE grown_parts g SET is_shadow = false WHERE ${ofPerson(id, "shadow")}`.execute(tx);
}

export interface EarlierParts {
  readonly resource: string;
  /** The key that all of them precede; null to begin with the last. */
  readonly before: string | null;
  readonly limit: number;
  readonly generation: Generation;
}

/** Returns parts of a resource with items in force, from the last key to the first. */
export async function earlierGrownParts(
  db: DatabaseOrTransaction,
  id: ConnectionId,
  { resource, before, limit, generation }: EarlierParts,
): Promise<GrownPart[]> {
  const isBefore = before === null ? sql`true` : sql`g.part_key < ${before} COLLATE "C"`;
  const { rows } = await sql<GrownPart>`
    SELECT ${columns} FROM grown_parts g
    WHERE ${ofPerson(id, generation)} AND g.resource = ${resource} AND cardinality(g.raw_payload_ids) > 0
      AND ${isBefore}
    ORDER BY g.part_key DESC LIMIT ${limit}`.execute(db);
  return rows;
}

export async function writeGrownParts(
  tx: DatabaseTransaction,
  { environmentId, userId }: ConnectionId,
  parts: readonly GrownPart[],
  generation: Generation = "current",
): Promise<void> {
  if (parts.length === 0) return;
  await tx
    .insertInto("grown_parts")
    .values(
      parts.map((part) => ({
        environment_id: environmentId,
        user_id: userId,
        is_shadow: generation === "shadow",
        resource: part.resource,
        part_key: part.key,
        state: part.state,
        content_hash: part.contentHash,
        raw_payload_ids: [...part.rawPayloadIds],
      })),
    )
    .onConflict((conflict) =>
      conflict
        .columns(["environment_id", "user_id", "is_shadow", "resource", "part_key"])
        .doUpdateSet((excluded) => ({
          state: excluded.ref("excluded.state"),
          content_hash: excluded.ref("excluded.content_hash"),
          raw_payload_ids: excluded.ref("excluded.raw_payload_ids"),
        })),
    )
    .execute();
}
