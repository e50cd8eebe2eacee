/** Events: the exact bytes that every attempt sends. */
import { type Insertable, type RawBuilder, type Selectable, type SqlBool, sql } from "kysely";
import type { BodyStore } from "./bodies/body-store.ts";
import { packedOf } from "./bodies/outside.ts";
import type { BodySource } from "./bodies/source.ts";
import { lowestIdAt } from "./identifiers.ts";
import { type Page, unnest } from "./rows.ts";
import type { DatabaseOrTransaction, EventsTable } from "./tables.ts";
import { decompress } from "./zstd.ts";

/** An event without its body. */
export type EventSummary = Omit<Selectable<EventsTable>, "body" | "body_key" | "body_head" | "body_tail">;

/** An event with its body as it is sent. */
export interface EventRow extends EventSummary {
  readonly body: Buffer;
}

/** The row of an event that is new. */
export type NewEventRow = Required<Insertable<EventsTable>>;

/** An event's body as it is stored: zstd frames in its row, or around those that are in the body store. */
export interface StoredEventBody
  extends Pick<Selectable<EventsTable>, "body" | "body_bytes" | "body_key" | "body_head" | "body_tail"> {}

/**
 * Returns the bytes that are sent.
 * @throws SystoleError BODY_MISSING, BODY_STORE_UNAVAILABLE
 */
export async function eventBody(
  bodies: Pick<BodyStore, "read">,
  { body, body_bytes: bytes, body_key: key, body_head: head, body_tail: tail }: StoredEventBody,
): Promise<Buffer> {
  if (body !== null) return decompress(body, bytes);
  const stored = await packedOf(bodies, null, key);
  return decompress(Buffer.concat([head ?? none, stored, tail ?? none]), bytes);
}

const none = Buffer.alloc(0);

/** Inserts any number of events with one statement. */
export async function insertEvents(db: DatabaseOrTransaction, events: readonly NewEventRow[]): Promise<void> {
  if (events.length === 0) return;
  const rows = unnest([
    ["uuid", events.map((event) => event.environment_id)],
    ["uuid", events.map((event) => event.event_id)],
    ["text", events.map((event) => event.type)],
    ["uuid", events.map((event) => event.user_id)],
    ["text", events.map((event) => event.reference_id)],
    ["text", events.map((event) => event.provider)],
    ["json", events.map((event) => event.records)],
    ["text", events.map((event) => event.reference)],
    ["text", events.map((event) => event.trace_id)],
    ["bytea", events.map((event) => event.body)],
    ["integer", events.map((event) => event.body_bytes)],
    ["timestamptz", events.map((event) => event.created_at)],
    ["text", events.map((event) => event.body_key)],
    ["bytea", events.map((event) => event.body_head)],
    ["bytea", events.map((event) => event.body_tail)],
  ]);
  await sql`INSERT INTO events (environment_id, event_id, type, user_id, reference_id, provider, records,
    reference, trace_id, body, body_bytes, created_at, body_key, body_head, body_tail) SELECT * FROM ${rows}`.execute(
    db,
  );
}

/**
 * Returns the event with its body as it is sent; null when there is none with this id.
 * @throws SystoleError BODY_MISSING, BODY_STORE_UNAVAILABLE
 */
export async function findEvent(
  { db, bodies }: BodySource,
  environmentId: string,
  eventId: string,
): Promise<EventRow | null> {
  const row = await db
    .selectFrom("events")
    .selectAll()
    .where("environment_id", "=", environmentId)
    .where("event_id", "=", eventId)
    .executeTakeFirst();
  if (row === undefined) return null;
  const { body, body_key, body_head, body_tail, ...summary } = row;
  const stored = { body, body_key, body_head, body_tail, body_bytes: row.body_bytes };
  return { ...summary, body: await eventBody(bodies, stored) };
}

interface FormerRecords {
  readonly environmentId: string;
  readonly userId: string;
  /** The event that they came before. */
  readonly eventId: string;
  readonly type: string;
  /** The former revision of each is lower. */
  readonly records: readonly { readonly naturalKey: string; readonly revision: number }[];
}

interface FormerRecord extends Pick<EventRow, "event_id" | "records"> {
  readonly natural_key: string;
}

/**
 * Returns for each record the newest event before this one with a lower revision of it, without its body; records of
 * which none is kept are left out. The person's events of the type are read once for all records.
 */
export async function findFormerEvents(
  db: DatabaseOrTransaction,
  { environmentId, userId, eventId, type, records }: FormerRecords,
): Promise<readonly FormerRecord[]> {
  const { rows } = await sql<FormerRecord>`
    SELECT DISTINCT ON (natural_key) natural_key, event_id, records
    FROM events
      CROSS JOIN LATERAL json_to_recordset(records) AS former("naturalKey" text, revision integer)
      JOIN json_to_recordset(${JSON.stringify(records)}::json) AS wanted("naturalKey" text, revision integer)
        ON wanted."naturalKey" = former."naturalKey" AND former.revision < wanted.revision
      CROSS JOIN LATERAL (SELECT wanted."naturalKey") AS named(natural_key)
    WHERE environment_id = ${environmentId} AND user_id = ${userId} AND event_id < ${eventId}
      AND type = ${type}
    ORDER BY natural_key, event_id DESC`.execute(db);
  return rows;
}

/** Ids carry the clock of the process that made them; the clocks of machines differ. */
const clockSkewMs = 3_600_000;

/** Whether a user has an event of this trace that was written since then. */
export async function hasEvent(
  db: DatabaseOrTransaction,
  wanted: {
    readonly environmentId: string;
    readonly userId: string;
    readonly traceId: string;
    readonly since: Date;
  },
): Promise<boolean> {
  const found = await db
    .selectFrom("events")
    .select("event_id")
    .where("environment_id", "=", wanted.environmentId)
    .where("user_id", "=", wanted.userId)
    .where("event_id", ">=", lowestIdAt(new Date(wanted.since.getTime() - clockSkewMs)))
    .where("trace_id", "=", wanted.traceId)
    .limit(1)
    .executeTakeFirst();
  return found !== undefined;
}

export interface EventFilters {
  readonly eventIds?: readonly string[] | undefined;
  readonly types?: readonly string[] | undefined;
  readonly userId?: string | undefined;
  readonly referenceId?: string | undefined;
  /** Terra's `terra-reference`: all events that answer one request. */
  readonly reference?: string | undefined;
  /** Not older than this. */
  readonly since?: Date | undefined;
  /** Older than this. */
  readonly until?: Date | undefined;
}

export const summaryColumns = [
  "environment_id",
  "event_id",
  "type",
  "user_id",
  "reference_id",
  "provider",
  "records",
  "reference",
  "trace_id",
  "body_bytes",
  "created_at",
] as const satisfies readonly (keyof EventSummary)[];

/** Returns the newest first, without bodies. */
export function listEvents(
  db: DatabaseOrTransaction,
  environmentId: string,
  filters: EventFilters,
  page: Page,
): Promise<EventSummary[]> {
  let query = eventsMatching(db, environmentId, filters).select(summaryColumns);
  if (page.before !== undefined) query = query.where("event_id", "<", page.before);
  return query.orderBy("event_id", "desc").limit(page.limit).execute();
}

export interface EventToReplay extends Pick<EventRow, "environment_id" | "event_id" | "type" | "user_id"> {
  /** The number of records in its body. */
  readonly record_count: number;
}

/** Returns the oldest first, only the columns needed to send them again; `after` is the last id of the part before. */
export function listEventsToReplay(
  db: DatabaseOrTransaction,
  environmentId: string,
  filters: EventFilters,
  { limit, after }: { readonly limit: number; readonly after: string | null },
): Promise<EventToReplay[]> {
  let query = eventsMatching(db, environmentId, filters).select([
    "environment_id",
    "event_id",
    "type",
    "user_id",
    sql<number>`json_array_length(records)`.as("record_count"),
  ]);
  if (after !== null) query = query.where("event_id", ">", after);
  return query.orderBy("event_id").limit(limit).execute();
}

function eventsMatching(db: DatabaseOrTransaction, environmentId: string, filters: EventFilters) {
  const query = db.selectFrom("events").where("environment_id", "=", environmentId);
  return eventConditions(filters).reduce((narrowed, condition) => narrowed.where(condition), query);
}

/** Returns the conditions on the table of events that the filters stand for. */
export function eventConditions(filters: EventFilters): RawBuilder<SqlBool>[] {
  const { eventIds, types, userId, referenceId, reference, since, until } = filters;
  return [
    ...(eventIds === undefined ? [] : [sql<SqlBool>`event_id = ANY(${eventIds})`]),
    ...(types === undefined ? [] : [sql<SqlBool>`type = ANY(${types})`]),
    ...(userId === undefined ? [] : [sql<SqlBool>`user_id = ${userId}`]),
    ...(referenceId === undefined ? [] : [sql<SqlBool>`reference_id = ${referenceId}`]),
    ...(reference === undefined ? [] : [sql<SqlBool>`reference = ${reference}`]),
    // Ids begin with their time, so a range of time is a range of ids and reads only its partitions.
    ...(since === undefined ? [] : [sql<SqlBool>`event_id >= ${lowestIdAt(since)}`]),
    ...(until === undefined ? [] : [sql<SqlBool>`event_id < ${lowestIdAt(until)}`]),
  ];
}
