/**
 * Ids that tell people apart. Until now a night was known by its date, which everybody's night of that date was.
 * Records get the id they are known by from now on, in the row and in both texts; so do kept events, since any of
 * them may still be sent.
 *
 * The hash of a record stays that of its former text. So the next renormalisation takes it for changed, and sends it
 * where that is asked for.
 *
 * All of it is one transaction, and the start waits for it: 250,000 records, half of them nights of 30 kB, and 21,000
 * events took 9½ minutes on two busy cores, and the database grew from 0.65 to 1.1 GB.
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
  const renamed = await Promise.all(rows.map(renamedRecord));
  const list = <Key extends keyof RenamedRecord>(key: Key) => renamed.map((row) => row[key]);
  await sql`UPDATE records SET summary_id = given.summary_id, summary = given.summary::json,
      detailed = given.detailed, detailed_bytes = given.detailed_bytes
    FROM unnest(${list("environment_id")}::uuid[], ${list("user_id")}::uuid[], ${list("type")}::text[],
      ${list("natural_key")}::text[], ${list("summary_id")}::text[], ${list("summary")}::text[],
      ${list("detailed")}::bytea[], ${list("detailed_bytes")}::integer[])
      AS given (environment_id, user_id, type, natural_key, summary_id, summary, detailed, detailed_bytes)
    WHERE records.environment_id = given.environment_id AND records.user_id = given.user_id
      AND records.type = given.type AND records.natural_key = given.natural_key`.execute(tx);
  return rows.at(-1) ?? null;
}

interface RenamedRecord extends RecordRow {
  readonly summary_id: string;
}

async function renamedRecord(row: RecordRow): Promise<RenamedRecord> {
  const { user_id: userId, type, natural_key: naturalKey } = row;
  const summary_id = personalSummaryId({ userId, type, naturalKey });
  const renamed = (text: string) => JSON.stringify(withSummaryId(JSON.parse(text), summary_id));
  const json = renamed((await decompress(row.detailed, row.detailed_bytes)).toString());
  return {
    ...row,
    summary_id,
    summary: renamed(row.summary),
    detailed: await compress(json),
    detailed_bytes: Buffer.byteLength(json),
  };
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
  const renamed = await Promise.all(rows.map(renamedEvent));
  const list = <Key extends keyof EventRow>(key: Key) => renamed.map((row) => row[key]);
  await sql`UPDATE events SET body = given.body, body_bytes = given.body_bytes
    FROM unnest(${list("environment_id")}::uuid[], ${list("event_id")}::uuid[], ${list("body")}::bytea[],
      ${list("body_bytes")}::integer[]) AS given (environment_id, event_id, body, body_bytes)
    WHERE events.environment_id = given.environment_id AND events.event_id = given.event_id`.execute(tx);
  return rows.at(-1) ?? null;
}

interface EventBody {
  readonly data: readonly { readonly metadata: { readonly summary_id: string } }[];
}

async function renamedEvent(event: EventRow): Promise<EventRow> {
  const text = (await decompress(event.body, event.body_bytes)).toString();
  const before = JSON.parse(text) as EventBody;
  const data = before.data.map((record) => {
    const naturalKey = record.metadata.summary_id;
    if (event.type === "activity" && !event.renamed.includes(naturalKey)) return record;
    const { user_id: userId, type } = event;
    return withSummaryId(record, personalSummaryId({ userId, type, naturalKey }));
  });
  const body = JSON.stringify({ ...before, data });
  return { ...event, body: await compress(body), body_bytes: Buffer.byteLength(body) };
}
