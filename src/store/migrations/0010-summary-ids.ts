/**
 * Ids that tell people apart. Until now a night was known by its date, which everybody's night of that date was.
 * Records get the id they are known by from now on, in the row and in both texts; so do kept events, since any of
 * them may still be sent.
 *
 * The hash of a record stays that of its former text. So the next renormalisation takes it for changed, and sends it
 * where that is asked for.
 */
import { sql } from "kysely";
import { personalSummaryId, withSummaryId } from "../../models/index.ts";
import type { DatabaseTransaction } from "../tables.ts";
import { compress, decompress } from "../zstd.ts";
import type { Migration } from "./migration.ts";

export const summaryIds: Migration = {
  number: 10,
  name: "summary-ids",
  statements: [
    "ALTER TABLE records ADD COLUMN summary_id text",
    "CREATE INDEX records_summary_id ON records (summary_id) WHERE summary_id IS NOT NULL",
    // An activity keeps the provider's id. Where several connections have it, the one that had it first.
    `UPDATE records SET summary_id = records.natural_key
      FROM (SELECT DISTINCT ON (natural_key) environment_id, user_id, natural_key FROM records
        WHERE type = 'activity' ORDER BY natural_key, created_at, user_id) AS first
      WHERE records.type = 'activity' AND records.environment_id = first.environment_id
        AND records.user_id = first.user_id AND records.natural_key = first.natural_key`,
  ],
  async carry(tx) {
    await inBatches<RecordRow>((after) => renameRecords(tx, after));
    await inBatches<EventRow>((after) => renameEvents(tx, after));
  },
};

const batch = 200;

/** @param rename answers the last one gone through */
async function inBatches<Key>(rename: (after: Key | null) => Promise<Key | null>): Promise<void> {
  for (let after = await rename(null); after !== null; ) after = await rename(after);
}

interface RecordRow {
  readonly environment_id: string;
  readonly user_id: string;
  readonly type: string;
  readonly natural_key: string;
  readonly summary: string;
  readonly detailed: Buffer;
  readonly detailed_bytes: number;
}

async function renameRecords(tx: DatabaseTransaction, after: RecordRow | null): Promise<RecordRow | null> {
  const key = sql`(environment_id, user_id, type, natural_key)`;
  const beyond =
    after === null
      ? sql`true`
      : sql`${key} > (${after.environment_id}::uuid, ${after.user_id}::uuid, ${after.type}, ${after.natural_key})`;
  const { rows } = await sql<RecordRow>`
    SELECT environment_id, user_id, type, natural_key, summary::text AS summary, detailed, detailed_bytes
    FROM records WHERE type IN ('activity', 'sleep') AND summary_id IS NULL AND ${beyond}
    ORDER BY ${key} LIMIT ${batch}`.execute(tx);
  for (const row of rows) await renameRecord(tx, row);
  return rows.at(-1) ?? null;
}

async function renameRecord(tx: DatabaseTransaction, row: RecordRow): Promise<void> {
  const { environment_id, user_id, type, natural_key } = row;
  const summaryId = personalSummaryId({ userId: user_id, type, naturalKey: natural_key });
  const renamed = (text: string) => JSON.stringify(withSummaryId(JSON.parse(text), summaryId));
  const detailed = renamed((await decompress(row.detailed, row.detailed_bytes)).toString());
  await sql`UPDATE records SET summary_id = ${summaryId}, summary = ${renamed(row.summary)}::json,
      detailed = ${await compress(detailed)}, detailed_bytes = ${Buffer.byteLength(detailed)}
    WHERE environment_id = ${environment_id} AND user_id = ${user_id} AND type = ${type}
      AND natural_key = ${natural_key}`.execute(tx);
}

interface EventRow {
  readonly environment_id: string;
  readonly event_id: string;
  readonly user_id: string;
  readonly type: string;
  /** The person's activities that are known by another id now. */
  readonly renamed: readonly string[];
  readonly body: Buffer;
  readonly body_bytes: number;
}

/** Every night; of activities those of people whose activities somebody else had first. */
async function renameEvents(tx: DatabaseTransaction, after: EventRow | null): Promise<EventRow | null> {
  const { rows } = await sql<EventRow>`
    SELECT e.environment_id, e.event_id, e.user_id, e.type, e.body, e.body_bytes,
      ARRAY(SELECT r.natural_key FROM records r WHERE r.environment_id = e.environment_id
        AND r.user_id = e.user_id AND r.type = 'activity' AND r.summary_id <> r.natural_key) AS renamed
    FROM events e
    WHERE e.user_id IS NOT NULL AND ${after === null ? sql`true` : sql`e.event_id > ${after.event_id}::uuid`}
      AND (e.type = 'sleep' OR (e.type = 'activity' AND EXISTS (
        SELECT FROM records r WHERE r.environment_id = e.environment_id AND r.user_id = e.user_id
          AND r.type = 'activity' AND r.summary_id <> r.natural_key)))
    ORDER BY e.event_id LIMIT ${batch}`.execute(tx);
  for (const row of rows) await renameEvent(tx, row);
  return rows.at(-1) ?? null;
}

interface EventBody {
  readonly data: readonly { readonly metadata: { readonly summary_id: string } }[];
}

async function renameEvent(tx: DatabaseTransaction, event: EventRow): Promise<void> {
  const text = (await decompress(event.body, event.body_bytes)).toString();
  const before = JSON.parse(text) as EventBody;
  const data = before.data.map((record) => {
    const naturalKey = record.metadata.summary_id;
    if (event.type === "activity" && !event.renamed.includes(naturalKey)) return record;
    const { user_id: userId, type } = event;
    return withSummaryId(record, personalSummaryId({ userId, type, naturalKey }));
  });
  const body = JSON.stringify({ ...before, data });
  await sql`UPDATE events SET body = ${await compress(body)}, body_bytes = ${Buffer.byteLength(body)}
    WHERE environment_id = ${event.environment_id} AND event_id = ${event.event_id}`.execute(tx);
}
