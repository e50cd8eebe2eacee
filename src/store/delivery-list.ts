/**
 * The list of deliveries as an operator looks through it, newest first, each with what its event is about.
 *
 * Of millions of deliveries only few filters have an index. For the others a page looks through a limited number of
 * deliveries: it may then be short, or empty, and still have a next one, which goes on behind what was looked through.
 */
import { type RawBuilder, type SqlBool, sql } from "kysely";
import type { Delivery } from "./deliveries.ts";
import { lowestIdAt } from "./identifiers.ts";
import type { Page } from "./rows.ts";
import type { DatabaseOrTransaction, DeliveryState } from "./tables.ts";

export interface ListedDelivery extends Delivery {
  /** Null where the event is no longer kept. */
  readonly type: string | null;
  readonly user_id: string | null;
  readonly reference_id: string | null;
}

export interface DeliveryListFilter {
  readonly eventId?: string | undefined;
  readonly destinationId?: string | undefined;
  readonly states?: readonly DeliveryState[] | undefined;
  readonly types?: readonly string[] | undefined;
  readonly userId?: string | undefined;
  readonly since?: Date | undefined;
  readonly until?: Date | undefined;
}

export interface DeliveryPage {
  readonly rows: readonly ListedDelivery[];
  /** The place behind this page; null after the last one. */
  readonly next: string | null;
}

const mostScanned = 20_000;
/** Each needs a look at its event. */
const mostJoined = 5_000;
/** The deliveries of one person, newest first. */
const mostEvents = 5_000;

export async function listDeliveryPage(
  db: DatabaseOrTransaction,
  environmentId: string,
  filter: DeliveryListFilter,
  { limit, before }: Page,
): Promise<DeliveryPage> {
  const scan = scanOf(environmentId, filter, before);
  const rows = await readRows(db, scan, filter, limit + 1);
  const data = rows.slice(0, limit);
  if (rows.length > limit) return { rows: data, next: data.at(-1)?.delivery_id ?? null };
  return { rows: data, next: scan.most === null ? null : await endOfScan(db, scan) };
}

interface Scan {
  /** Deliveries among which the filter is applied. */
  readonly among: RawBuilder<unknown>;
  /** Null where the filter has an index. */
  readonly most: number | null;
}

function scanOf(environmentId: string, filter: DeliveryListFilter, before: string | undefined): Scan {
  const { since, until } = filter;
  const conditions = [
    sql<SqlBool>`environment_id = ${environmentId}`,
    ...(before === undefined ? [] : [sql<SqlBool>`delivery_id < ${before}`]),
    // Ids begin with their time, so that a range of time is a range of ids and reads only its partitions.
    ...(since === undefined ? [] : [sql<SqlBool>`delivery_id >= ${lowestIdAt(since)}`]),
    ...(until === undefined ? [] : [sql<SqlBool>`delivery_id < ${lowestIdAt(until)}`]),
    ...indexed(environmentId, filter),
  ];
  const among = sql`FROM deliveries WHERE ${sql.join(conditions, sql` AND `)} ORDER BY delivery_id DESC`;
  if (hasIndex(filter)) return { among, most: null };
  return { among, most: filter.types === undefined ? mostScanned : mostJoined };
}

const isOpenOnly = ({ states }: DeliveryListFilter): boolean =>
  states?.every((state) => state === "pending" || state === "dead") ?? false;

const hasIndex = (filter: DeliveryListFilter): boolean =>
  filter.eventId !== undefined || filter.userId !== undefined || isOpenOnly(filter) || !isNarrowed(filter);

const isNarrowed = ({ destinationId, states, types }: DeliveryListFilter): boolean =>
  (destinationId ?? states ?? types) !== undefined;

/** Conditions that an index answers. */
function indexed(environmentId: string, filter: DeliveryListFilter): RawBuilder<SqlBool>[] {
  const { eventId, userId, destinationId, states } = filter;
  const isOpen = isOpenOnly(filter);
  return [
    ...(eventId === undefined ? [] : [sql<SqlBool>`event_id = ${eventId}`]),
    ...(userId === undefined
      ? []
      : [
          sql<SqlBool>`event_id = ANY(ARRAY(SELECT event_id FROM events
            WHERE environment_id = ${environmentId} AND user_id = ${userId}
            ORDER BY event_id DESC LIMIT ${mostEvents}))`,
        ]),
    // As the index has it, so that the planner sees it.
    ...(isOpen ? [sql<SqlBool>`state IN ('pending', 'dead') AND state = ANY(${states})`] : []),
    ...(isOpen && destinationId !== undefined ? [sql<SqlBool>`destination_id = ${destinationId}`] : []),
  ];
}

async function readRows(
  db: DatabaseOrTransaction,
  { among, most }: Scan,
  { destinationId, states, types }: DeliveryListFilter,
  limit: number,
): Promise<ListedDelivery[]> {
  const conditions = [
    sql<SqlBool>`true`,
    ...(destinationId === undefined ? [] : [sql<SqlBool>`d.destination_id = ${destinationId}`]),
    ...(states === undefined ? [] : [sql<SqlBool>`d.state = ANY(${states})`]),
    ...(types === undefined ? [] : [sql<SqlBool>`e.type = ANY(${types})`]),
  ];
  const { rows } = await sql<ListedDelivery>`
    SELECT d.*, e.type, e.user_id, e.reference_id
    FROM (SELECT * ${among} ${most === null ? sql`` : sql`LIMIT ${most}`}) d
    LEFT JOIN LATERAL (
      SELECT type, user_id, reference_id FROM events
      WHERE environment_id = d.environment_id AND event_id = d.event_id OFFSET 0
    ) e ON true
    WHERE ${sql.join(conditions, sql` AND `)} ORDER BY d.delivery_id DESC LIMIT ${limit}`.execute(db);
  return rows;
}

/** The last delivery that was looked through; null when there are no more behind it. */
async function endOfScan(db: DatabaseOrTransaction, { among, most }: Scan): Promise<string | null> {
  const { rows } = await sql<{ delivery_id: string }>`
    SELECT delivery_id ${among} OFFSET ${(most ?? 1) - 1} LIMIT 1`.execute(db);
  return rows[0]?.delivery_id ?? null;
}

/** How events fare at each destination, in no order: the latest delivery of each. */
export async function standingOf(
  db: DatabaseOrTransaction,
  environmentId: string,
  eventIds: readonly string[],
): Promise<Pick<Delivery, "event_id" | "delivery_id" | "destination_id" | "state" | "attempts">[]> {
  if (eventIds.length === 0) return [];
  return db
    .selectFrom("deliveries")
    .distinctOn(["event_id", "destination_id"])
    .select(["event_id", "delivery_id", "destination_id", "state", "attempts"])
    .where("environment_id", "=", environmentId)
    .where("event_id", "=", sql<string>`ANY(${eventIds})`)
    .orderBy("event_id")
    .orderBy("destination_id")
    .orderBy("delivery_id", "desc")
    .execute();
}
