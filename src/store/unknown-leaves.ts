/**
 * Leaves of bodies that no ledger knows, and leaves that could not be read, so that no new or odd field of a
 * provider goes unnoticed.
 */
import { type RawBuilder, type Selectable, sql } from "kysely";
import { isDistributed } from "./citus/dialect.ts";
import type { ConnectionId } from "./connections.ts";
import type { DatabaseOrTransaction, DatabaseTransaction, LeafKind, UnknownLeavesTable } from "./tables.ts";

export type UnknownLeaf = Selectable<UnknownLeavesTable>;

/** The limit for one resource and kind; a body with invented names must not fill the table. */
const maxPaths = 500;

export interface LeafSighting extends ConnectionId {
  readonly provider: string;
  readonly resource: string;
  readonly kind: LeafKind;
  readonly path: string;
  readonly times: number;
  readonly rawPayloadId: string;
}

/**
 * Adds to the counts of each leaf. Beyond a number of paths per resource, new ones are left out, and so are
 * those of payloads that were erased meanwhile: names in a body may be a person's own words.
 */
export async function noteUnknownLeaves(
  db: DatabaseOrTransaction,
  sightings: readonly LeafSighting[],
  now: Date,
): Promise<void> {
  const kept = await withinBounds(db, sightings);
  if (kept.length === 0) return;
  if (isDistributed(db)) await noteThenCheck(db, kept, now);
  else
    await insertSightings(db, kept, now, {
      join: sql`JOIN raw_payloads p ON p.environment_id = seen."environmentId" AND p.raw_payload_id = seen."rawPayloadId"`,
      lock: sql`FOR KEY SHARE OF p`,
    });
}

/** The join with the payloads in the statement itself, and their lock; both empty where it has neither. */
interface Payloads {
  readonly join: RawBuilder<unknown>;
  readonly lock: RawBuilder<unknown>;
}

async function insertSightings(
  db: DatabaseOrTransaction,
  sightings: readonly LeafSighting[],
  now: Date,
  { join, lock }: Payloads,
): Promise<void> {
  await sql`
    INSERT INTO unknown_leaves AS u
      (environment_id, provider, resource, kind, path, times, raw_payload_id, first_seen_at, last_seen_at)
    SELECT seen."environmentId", seen.provider, seen.resource, seen.kind, seen.path, seen.times, seen."rawPayloadId",
      ${now}::timestamptz, ${now}::timestamptz
    FROM json_to_recordset(${JSON.stringify(sightings)}::json) AS seen("environmentId" uuid, provider text,
      resource text, kind text, path text, times bigint, "rawPayloadId" uuid)
    ${join}
    ORDER BY seen."environmentId", seen.provider, seen.resource, seen.kind, seen.path
    ${lock}
    ON CONFLICT (environment_id, provider, resource, kind, path) DO UPDATE SET times = u.times + excluded.times,
      raw_payload_id = excluded.raw_payload_id, last_seen_at = excluded.last_seen_at`.execute(db);
}

/**
 * Where payloads are on other nodes, no statement locks those of several people. So the payloads are asked before, and
 * again afterwards: an erasure that is under way is waited for then, and a later one finds the leaf itself.
 */
async function noteThenCheck(
  db: DatabaseOrTransaction,
  sightings: readonly LeafSighting[],
  now: Date,
): Promise<void> {
  const before = await presentPayloads(db, sightings);
  const kept = sightings.filter(({ rawPayloadId }) => before.has(rawPayloadId));
  if (kept.length === 0) return;
  await insertSightings(db, kept, now, { join: sql``, lock: sql`` });
  const after = await presentPayloads(db, kept);
  for (const { environmentId, rawPayloadId } of kept) {
    if (after.has(rawPayloadId)) continue;
    await sql`DELETE FROM unknown_leaves
      WHERE environment_id = ${environmentId} AND raw_payload_id = ${rawPayloadId}`.execute(db);
  }
}

/** Deletes the leaves whose payload is gone; returns their number. */
export async function dropOrphans(tx: DatabaseTransaction, environmentId: string): Promise<number> {
  const orphaned = isDistributed(tx)
    ? sql`t.raw_payload_id = ANY(${await orphanedPayloads(tx, environmentId)}::uuid[])`
    : sql`NOT EXISTS (SELECT FROM raw_payloads p
        WHERE p.environment_id = t.environment_id AND p.raw_payload_id = t.raw_payload_id)`;
  const { numAffectedRows = 0n } = await sql`
    DELETE FROM unknown_leaves t WHERE t.environment_id = ${environmentId} AND ${orphaned}`.execute(tx);
  return Number(numAffectedRows);
}

/** Returns the payloads of leaves that are no longer there. No statement deletes here by what is on other nodes. */
async function orphanedPayloads(tx: DatabaseTransaction, environmentId: string): Promise<string[]> {
  const named = await sql<{ id: string }>`SELECT DISTINCT raw_payload_id AS id FROM unknown_leaves
    WHERE environment_id = ${environmentId}`.execute(tx);
  const ids = named.rows.map(({ id }) => id);
  const { rows } = await sql<{ id: string }>`SELECT raw_payload_id AS id FROM raw_payloads
    WHERE environment_id = ${environmentId} AND raw_payload_id = ANY(${ids}::uuid[])`.execute(tx);
  const present = new Set(rows.map(({ id }) => id));
  return ids.filter((id) => !present.has(id));
}

/** Returns the ids of those payloads that exist, person by person; waits for an erasure of them. */
async function presentPayloads(
  db: DatabaseOrTransaction,
  sightings: readonly LeafSighting[],
): Promise<ReadonlySet<string>> {
  const present = new Set<string>();
  for (const theirs of Map.groupBy(sightings, ({ userId }) => userId).values()) {
    const [{ environmentId, userId }] = theirs as [LeafSighting];
    const ids = theirs.map(({ rawPayloadId }) => rawPayloadId);
    const { rows } = await sql<{ id: string }>`
      SELECT raw_payload_id AS id FROM raw_payloads
      WHERE environment_id = ${environmentId} AND user_id = ${userId} AND raw_payload_id = ANY(${ids}::uuid[])
      FOR KEY SHARE`.execute(db);
    for (const { id } of rows) present.add(id);
  }
  return present;
}

const groupOf = ({ environmentId, provider, resource, kind }: Omit<LeafSighting, "path">): string =>
  JSON.stringify([environmentId, provider, resource, kind]);

/** Two processes may both take the last place; a few more do no harm. */
async function withinBounds(
  db: DatabaseOrTransaction,
  sightings: readonly LeafSighting[],
): Promise<LeafSighting[]> {
  const groups = [...new Map(sightings.map((one) => [groupOf(one), one])).values()];
  const known = new Map<string, Set<string>>();
  for (const one of groups) {
    const rows = await db
      .selectFrom("unknown_leaves")
      .select("path")
      .where("environment_id", "=", one.environmentId)
      .where("provider", "=", one.provider)
      .where("resource", "=", one.resource)
      .where("kind", "=", one.kind)
      .execute();
    known.set(groupOf(one), new Set(rows.map(({ path }) => path)));
  }
  return sightings.filter((one) => {
    const paths = known.get(groupOf(one)) ?? new Set();
    if (paths.size < maxPaths) paths.add(one.path);
    return paths.has(one.path);
  });
}

/** Returns the latest seen first, with the owner of the example's payload as long as it exists. */
export function listUnknownLeaves(
  db: DatabaseOrTransaction,
  environmentId: string,
  provider: string,
): Promise<(UnknownLeaf & { user_id: string | null })[]> {
  return db
    .selectFrom("unknown_leaves as u")
    .leftJoin("raw_payloads as p", (join) =>
      join
        .onRef("p.environment_id", "=", "u.environment_id")
        .onRef("p.raw_payload_id", "=", "u.raw_payload_id"),
    )
    .selectAll("u")
    .select("p.user_id")
    .where("u.environment_id", "=", environmentId)
    .where("u.provider", "=", provider)
    .orderBy("u.last_seen_at", "desc")
    .orderBy("u.resource")
    .orderBy("u.path")
    .execute();
}
