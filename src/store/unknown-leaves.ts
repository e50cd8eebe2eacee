/**
 * Leaves of bodies that no ledger knows, and leaves that could not be read, so that no new or odd field of a
 * provider goes unnoticed.
 */
import { type Selectable, sql } from "kysely";
import type { DatabaseOrTransaction, LeafKind, UnknownLeavesTable } from "./tables.ts";

export type UnknownLeaf = Selectable<UnknownLeavesTable>;

/** The limit for one resource and kind; a body with invented names must not fill the table. */
const maxPaths = 500;

export interface LeafSighting {
  readonly environmentId: string;
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
  await sql`
    INSERT INTO unknown_leaves AS u
      (environment_id, provider, resource, kind, path, times, raw_payload_id, first_seen_at, last_seen_at)
    SELECT seen."environmentId", seen.provider, seen.resource, seen.kind, seen.path, seen.times, seen."rawPayloadId",
      ${now}::timestamptz, ${now}::timestamptz
    FROM json_to_recordset(${JSON.stringify(kept)}::json) AS seen("environmentId" uuid, provider text,
      resource text, kind text, path text, times bigint, "rawPayloadId" uuid)
    JOIN raw_payloads p ON p.environment_id = seen."environmentId" AND p.raw_payload_id = seen."rawPayloadId"
    ORDER BY seen."environmentId", seen.provider, seen.resource, seen.kind, seen.path
    FOR KEY SHARE OF p
    ON CONFLICT (environment_id, provider, resource, kind, path) DO UPDATE SET times = u.times + excluded.times,
      raw_payload_id = excluded.raw_payload_id, last_seen_at = excluded.last_seen_at`.execute(db);
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
