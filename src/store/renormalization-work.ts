/** The reads of a job that rebuilds records: the existing records, the payloads, and the parts that refer to them. */
import { type RawBuilder, type SqlBool, sql } from "kysely";
import { isNamedBy, type PartsRef, type RecordRef, type ResourceRef } from "../providers/provider.ts";
import type { ConnectionId } from "./connections.ts";
import type { PartSource } from "./raw-parts.ts";
import type {
  RenormalizationCursor,
  RenormalizationFilter,
  RenormalizationTotals,
} from "./renormalization-job.ts";
import type { DatabaseOrTransaction, DatabaseTransaction } from "./tables.ts";

type After<Phase extends RenormalizationCursor["phase"]> = Extract<
  RenormalizationCursor,
  { phase: Phase }
>["after"];

/** A record as stored. */
export interface StandingRecord extends RecordRef {
  readonly mapperVersion: number;
  readonly rawPayloadIds: readonly string[];
  readonly contentHash: Buffer;
  readonly summaryId: string | null;
}

/** An unchanged record that was made of other payloads or by another version. */
export type MovedRecord = Omit<StandingRecord, "contentHash" | "summaryId">;

export interface PayloadHead {
  readonly rawPayloadId: string;
  readonly resource: string;
  readonly resourceKey: string;
}

/** Selects the records of the filter. A profile has no start, so no range includes it. */
const meant = (filter: RenormalizationFilter) =>
  sql<SqlBool>`${sql.join(
    [
      sql`true`,
      ...(filter.userIds === null ? [] : [sql`r.user_id = ANY(${[...filter.userIds]}::uuid[])`]),
      ...(filter.types === null ? [] : [sql`r.type = ANY(${[...filter.types]}::text[])`]),
      ...(filter.from === null ? [] : [sql`r.start_date >= ${filter.from}`]),
      ...(filter.to === null ? [] : [sql`r.start_date <= ${filter.to}`]),
    ],
    sql` AND `,
  )}`;

/**
 * Selects payloads that a part refers to, and the newest of each key: no part refers to one that could not be
 * read. Asked row by row, in the index's order: with joins the planner would read both tables completely for
 * each page.
 */
const worthReading = ({ userIds }: RenormalizationFilter) =>
  sql<SqlBool>`${userIds === null ? sql`true` : sql`p.user_id = ANY(${[...userIds]}::uuid[])`} AND coalesce(
    (SELECT true FROM raw_parts q WHERE q.environment_id = p.environment_id AND q.user_id = p.user_id
      AND q.raw_payload_id = p.raw_payload_id LIMIT 1),
    (SELECT n.raw_payload_id = p.raw_payload_id FROM raw_payloads n WHERE n.environment_id = p.environment_id
      AND n.user_id = p.user_id AND n.resource = p.resource AND n.resource_key = p.resource_key
      ORDER BY n.raw_payload_id DESC LIMIT 1))`;

export async function countWork(
  db: DatabaseOrTransaction,
  environmentId: string,
  filter: RenormalizationFilter,
): Promise<RenormalizationTotals> {
  const { rows } = await sql<RenormalizationTotals>`SELECT
    (SELECT count(*)::int FROM records r WHERE r.environment_id = ${environmentId} AND ${meant(filter)}) AS records,
    (SELECT count(*)::int FROM raw_payloads p
      WHERE p.environment_id = ${environmentId} AND ${worthReading(filter)}) AS payloads`.execute(db);
  return rows[0] as RenormalizationTotals;
}

/** Returns the owner of the next record; null at the end. */
export async function nextOwnerOfRecords(
  db: DatabaseOrTransaction,
  environmentId: string,
  filter: RenormalizationFilter,
  after: After<"records">,
): Promise<string | null> {
  const { rows } = await sql<{ user_id: string }>`
    SELECT r.user_id FROM records r WHERE r.environment_id = ${environmentId} AND ${meant(filter)}
      AND ${beyond(after)} ORDER BY r.user_id, r.type, r.natural_key LIMIT 1`.execute(db);
  return rows[0]?.user_id ?? null;
}

const beyond = (after: After<"records">) =>
  after === null
    ? sql`true`
    : sql`(r.user_id, r.type, r.natural_key) > (${after[0]}::uuid, ${after[1]}, ${after[2]})`;

/** Returns the connection's next records in key order. */
export async function nextRecords(
  db: DatabaseOrTransaction,
  { environmentId, userId }: ConnectionId,
  filter: RenormalizationFilter,
  after: After<"records">,
  limit: number,
): Promise<StandingRecord[]> {
  const { rows } = await sql<StandingRecord>`
    SELECT ${standing} FROM records r
    WHERE r.environment_id = ${environmentId} AND r.user_id = ${userId} AND ${meant(filter)}
      AND ${beyond(after)} ORDER BY r.type, r.natural_key LIMIT ${limit}`.execute(db);
  return rows;
}

const standing = sql`r.type, r.natural_key AS "naturalKey", r.mapper_version AS "mapperVersion",
  r.raw_payload_ids AS "rawPayloadIds", r.content_hash AS "contentHash",
  r.summary_id AS "summaryId"`;

/** Returns the named records that exist, by `keyOf`. */
export async function standingRecords(
  db: DatabaseOrTransaction,
  { environmentId, userId }: ConnectionId,
  refs: readonly RecordRef[],
): Promise<Map<string, StandingRecord>> {
  const types = refs.map(({ type }) => type);
  const keys = refs.map(({ naturalKey }) => naturalKey);
  const { rows } = await sql<StandingRecord>`
    SELECT ${standing} FROM unnest(${types}::text[], ${keys}::text[]) AS asked(type, natural_key)
    JOIN records r ON r.environment_id = ${environmentId} AND r.user_id = ${userId}
      AND r.type = asked.type AND r.natural_key = asked.natural_key`.execute(db);
  return new Map(rows.map((row) => [keyOf(row), row]));
}

export const keyOf = ({ type, naturalKey }: RecordRef): string => `${type} ${naturalKey}`;

const afterPayload = (after: After<"payloads">) =>
  after === null
    ? sql`true`
    : sql`(p.user_id, p.resource, p.resource_key, p.raw_payload_id) >
        (${after[0]}::uuid, ${after[1]}, ${after[2]}, ${after[3]}::uuid)`;

/** Returns the owner of the next payload; null at the end. */
export async function nextOwnerOfPayloads(
  db: DatabaseOrTransaction,
  environmentId: string,
  filter: RenormalizationFilter,
  after: After<"payloads">,
): Promise<string | null> {
  const { rows } = await sql<{ user_id: string }>`
    SELECT p.user_id FROM raw_payloads p
    WHERE p.environment_id = ${environmentId} AND ${worthReading(filter)} AND ${afterPayload(after)}
    ORDER BY p.user_id, p.resource, p.resource_key, p.raw_payload_id LIMIT 1`.execute(db);
  return rows[0]?.user_id ?? null;
}

export async function nextPayloads(
  db: DatabaseOrTransaction,
  { environmentId, userId }: ConnectionId,
  filter: RenormalizationFilter,
  after: After<"payloads">,
  limit: number,
): Promise<PayloadHead[]> {
  const { rows } = await sql<PayloadHead>`
    SELECT p.raw_payload_id AS "rawPayloadId", p.resource, p.resource_key AS "resourceKey"
    FROM raw_payloads p
    WHERE p.environment_id = ${environmentId} AND p.user_id = ${userId} AND ${worthReading(filter)}
      AND ${afterPayload(after)}
    ORDER BY p.resource, p.resource_key, p.raw_payload_id LIMIT ${limit}`.execute(db);
  return rows;
}

export const partKeyOf = ({ resource, key }: ResourceRef): string => `${resource} ${key}`;

/** A source of a part, and the order of its request; "0": found by reading the payload again. */
export interface PointedSource extends PartSource {
  readonly fetchOrder: string;
}

/** Returns the sources of the named parts, by `partKeyOf`; parts never fetched, or deleted, are left out. */
export async function findSources(
  db: DatabaseOrTransaction,
  { environmentId, userId }: ConnectionId,
  refs: readonly PartsRef[],
): Promise<Map<string, PointedSource>> {
  const exact = await findAsked({ db, environmentId, userId }, refs, sql`q.part_key = asked.part_key`);
  const prefixes = refs.filter(({ prefix }) => prefix);
  const named =
    prefixes.length === 0
      ? []
      : await findAsked(
          { db, environmentId, userId },
          prefixes,
          sql`starts_with(q.part_key, asked.part_key)`,
        );
  return new Map(
    [...exact, ...named].map((row) => [partKeyOf({ resource: row.resource, key: row.partKey }), row]),
  );
}

async function findAsked(
  { db, environmentId, userId }: ConnectionId & { readonly db: DatabaseOrTransaction },
  refs: readonly PartsRef[],
  isAsked: RawBuilder<unknown>,
): Promise<PointedSource[]> {
  const asked = sql`unnest(${refs.map(({ resource }) => resource)}::text[], ${refs.map(({ key }) => key)}::text[])`;
  const { rows } = await sql<PointedSource>`
    SELECT q.resource, q.part_key AS "partKey", q.raw_payload_id AS "rawPayloadId",
      q.resource_key AS "resourceKey", q.fetch_order::text AS "fetchOrder"
    FROM ${asked} AS asked(resource, part_key)
    JOIN raw_parts q ON q.environment_id = ${environmentId} AND q.user_id = ${userId}
      AND q.resource = asked.resource AND q.raw_payload_id IS NOT NULL AND ${isAsked}`.execute(db);
  return rows;
}

/** Returns those of the parts, by `partKeyOf`, that were deleted at the provider. */
export async function findDeleted(
  db: DatabaseOrTransaction,
  { environmentId, userId }: ConnectionId,
  parts: readonly ResourceRef[],
): Promise<ReadonlySet<string>> {
  const [resources, keys] = [parts.map(({ resource }) => resource), parts.map(({ key }) => key)];
  const { rows } = await sql<{ resource: string; key: string }>`
    SELECT q.resource, q.part_key AS key
    FROM unnest(${resources}::text[], ${keys}::text[]) AS asked(resource, part_key)
    JOIN raw_parts q ON q.environment_id = ${environmentId} AND q.user_id = ${userId}
      AND q.resource = asked.resource AND q.part_key = asked.part_key AND q.raw_payload_id IS NULL`.execute(
    db,
  );
  return new Set(rows.map(partKeyOf));
}

/** Returns those of the given sources, by `partKeyOf`, that a reference names, in the order of their keys. */
export function sourcesNamed(sources: ReadonlyMap<string, PartSource>, ref: PartsRef): readonly PartSource[] {
  if (!ref.prefix) {
    const source = sources.get(partKeyOf(ref));
    return source === undefined ? [] : [source];
  }
  return [...sources.values()]
    .filter(({ resource, partKey }) => isNamedBy(ref, { resource, key: partKey }))
    .sort((one, other) => (one.partKey < other.partKey ? -1 : 1));
}

/** The time of the request is no longer known: of such finds the newest payload counts, and any fetch is newer. */
export const foundOrder = "0";

/** A source that no part referred to. */
export interface FoundPart extends PartSource {
  readonly startsAt: Date | null;
}

/** Makes payloads the source of parts without one: those that an older version could not read. */
export async function pointAtFound(
  tx: DatabaseTransaction,
  { environmentId, userId }: ConnectionId,
  found: readonly FoundPart[],
): Promise<void> {
  if (found.length === 0) return;
  await tx
    .insertInto("raw_parts")
    .values(
      found.map((source) => ({
        environment_id: environmentId,
        user_id: userId,
        resource: source.resource,
        part_key: source.partKey,
        raw_payload_id: source.rawPayloadId,
        resource_key: source.resourceKey,
        fetch_order: foundOrder,
        starts_at: source.startsAt,
      })),
    )
    .onConflict((conflict) =>
      conflict
        .columns(["environment_id", "user_id", "resource", "part_key"])
        .doUpdateSet((excluded) => ({
          raw_payload_id: excluded.ref("excluded.raw_payload_id"),
          resource_key: excluded.ref("excluded.resource_key"),
          starts_at: excluded.ref("excluded.starts_at"),
        }))
        .where("raw_parts.fetch_order", "=", foundOrder),
    )
    .execute();
}

export async function noteOrigins(
  tx: DatabaseTransaction,
  { environmentId, userId }: ConnectionId,
  records: readonly MovedRecord[],
): Promise<void> {
  if (records.length === 0) return;
  const rows = JSON.stringify(records);
  await sql`
    UPDATE records r SET mapper_version = made."mapperVersion", raw_payload_ids = made."rawPayloadIds"
    FROM json_to_recordset(${rows}::json)
      AS made(type text, "naturalKey" text, "mapperVersion" integer, "rawPayloadIds" uuid[])
    WHERE r.environment_id = ${environmentId} AND r.user_id = ${userId}
      AND r.type = made.type AND r.natural_key = made."naturalKey"`.execute(tx);
}
