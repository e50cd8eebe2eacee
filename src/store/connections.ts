/** Connections: one person's authorisation at one provider. The API calls them users. */
import { type Insertable, type Selectable, sql, type Updateable } from "kysely";
import { namesBodies, releaseBodies } from "./bodies/removals.ts";
import { type DistributedTable, isDistributedTable } from "./citus/cluster.ts";
import { isDistributed } from "./citus/dialect.ts";
import { moveRows } from "./citus/move-rows.ts";
import type { ConnectionsTable, DatabaseOrTransaction, DatabaseTransaction } from "./tables.ts";

export type Connection = Selectable<ConnectionsTable>;

export interface ConnectionId {
  readonly environmentId: string;
  readonly userId: string;
}

/** Returns the id in a connection's row, or in the row of a flow that makes one. */
export const connectionIdOf = (row: {
  readonly environment_id: string;
  readonly user_id: string;
}): ConnectionId => ({ environmentId: row.environment_id, userId: row.user_id });

const byId = (db: DatabaseOrTransaction, { environmentId, userId }: ConnectionId) =>
  db
    .selectFrom("connections")
    .selectAll()
    .where("environment_id", "=", environmentId)
    .where("user_id", "=", userId);

export async function findConnection(
  db: DatabaseOrTransaction,
  id: ConnectionId,
): Promise<Connection | null> {
  return (await byId(db, id).executeTakeFirst()) ?? null;
}

/**
 * Locks a connection until the transaction ends, and returns it: writing its records and removing it happen
 * one after the other.
 */
export async function lockConnection(tx: DatabaseTransaction, id: ConnectionId): Promise<Connection | null> {
  return (await byId(tx, id).forNoKeyUpdate().executeTakeFirst()) ?? null;
}

export function findByReference(
  db: DatabaseOrTransaction,
  environmentId: string,
  referenceId: string,
): Promise<Connection[]> {
  return db
    .selectFrom("connections")
    .selectAll()
    .where("environment_id", "=", environmentId)
    .where("reference_id", "=", referenceId)
    .orderBy("created_at")
    .execute();
}

export function findMany(
  db: DatabaseOrTransaction,
  environmentId: string,
  userIds: readonly string[],
): Promise<Connection[]> {
  return db
    .selectFrom("connections")
    .selectAll()
    .where("environment_id", "=", environmentId)
    .where("user_id", "in", userIds.length > 0 ? [...userIds] : [null as never])
    .execute();
}

export function findByProviderUser(
  db: DatabaseOrTransaction,
  environmentId: string,
  provider: string,
  providerUserId: string,
): Promise<Connection[]> {
  return db
    .selectFrom("connections")
    .selectAll()
    .where("environment_id", "=", environmentId)
    .where("provider", "=", provider)
    .where("provider_user_id", "=", providerUserId)
    .orderBy("created_at")
    .execute();
}

export interface Page {
  /** Zero-based. */
  readonly page: number;
  readonly perPage: number;
}

export function listConnections(
  db: DatabaseOrTransaction,
  environmentId: string,
  page: Page | null,
): Promise<Connection[]> {
  const all = db
    .selectFrom("connections")
    .selectAll()
    .where("environment_id", "=", environmentId)
    .orderBy("created_at")
    .orderBy("user_id");
  return (page === null ? all : all.limit(page.perPage).offset(page.page * page.perPage)).execute();
}

/** Returns the connections after a user_id, in the order of user_ids: pages stay right where people come and go. */
export function listConnectionsAfter(
  db: DatabaseOrTransaction,
  environmentId: string,
  { after, limit }: { readonly after: string | null; readonly limit: number },
): Promise<Connection[]> {
  const all = db.selectFrom("connections").selectAll().where("environment_id", "=", environmentId);
  const rest = after === null ? all : all.where("user_id", ">", after);
  return rest.orderBy("user_id").limit(limit).execute();
}

export async function countConnections(db: DatabaseOrTransaction, environmentId: string): Promise<number> {
  const { count } = await db
    .selectFrom("connections")
    .select((count) => count.fn.countAll<string>().as("count"))
    .where("environment_id", "=", environmentId)
    .executeTakeFirstOrThrow();
  return Number(count);
}

export async function insertConnection(
  tx: DatabaseTransaction,
  connection: Insertable<ConnectionsTable>,
): Promise<Connection> {
  return tx.insertInto("connections").values(connection).returningAll().executeTakeFirstOrThrow();
}

/** Notes the time of the latest successful call; of two concurrent ones the later time counts. */
export async function notePolled(db: DatabaseOrTransaction, id: ConnectionId, at: Date): Promise<void> {
  await db
    .updateTable("connections")
    .set({ last_polled_at: sql<Date>`greatest(last_polled_at, ${at})` })
    .where("environment_id", "=", id.environmentId)
    .where("user_id", "=", id.userId)
    .execute();
}

/** A connection whose key ends, and when. */
export interface EndingKey {
  readonly connection: Connection;
  readonly endsAt: Date;
}

/**
 * Claims the connections of whose key nobody was reminded yet, if it ends before then and has not ended: marks them as
 * reminded of, and returns them, the earliest first. Those that another process is claiming are left out.
 */
export async function claimEndingKeys(
  tx: DatabaseTransaction,
  { before, now, limit }: { readonly before: Date; readonly now: Date; readonly limit: number },
): Promise<EndingKey[]> {
  const ending = await tx
    .selectFrom("connections")
    .selectAll()
    .where("state", "=", "active")
    .where("key_reminded_at", "is", null)
    .where("key_ends_at", ">", now)
    .where("key_ends_at", "<=", before)
    .orderBy("key_ends_at")
    .limit(limit)
    .forNoKeyUpdate()
    .skipLocked()
    .execute();
  for (const connection of ending)
    await updateConnection(tx, connectionIdOf(connection), { key_reminded_at: now });
  return ending.flatMap((connection) =>
    connection.key_ends_at === null ? [] : [{ connection, endsAt: connection.key_ends_at }],
  );
}

export async function updateConnection(
  db: DatabaseOrTransaction,
  { environmentId, userId }: ConnectionId,
  change: Updateable<ConnectionsTable>,
): Promise<Connection | null> {
  const row = await db
    .updateTable("connections")
    .set(change)
    .where("environment_id", "=", environmentId)
    .where("user_id", "=", userId)
    .returningAll()
    .executeTakeFirst();
  return row ?? null;
}

/** The tables whose rows move to the new connection. */
const inheritedTables = [
  "records",
  "deleted_records",
  "raw_parts",
  "grown_parts",
  "stale_records",
  "raw_payloads",
  "coverage",
  "agreements",
  "pushes",
  "uploads",
] as const;

/** The columns in which a connection's rows are unique. */
const singleKeys = {
  records: ["type", "natural_key"],
  deleted_records: ["type", "natural_key"],
  raw_parts: ["resource", "part_key"],
  grown_parts: ["is_shadow", "resource", "part_key"],
  stale_records: ["type", "natural_key"],
  coverage: ["resource"],
  pushes: ["format"],
} as const;

/**
 * Moves a connection's stored data to the connection that replaces it, and removes the old one. When several
 * are replaced, rows that the new one already has stay.
 */
export async function inheritConnection(
  tx: DatabaseTransaction,
  environmentId: string,
  fromUserId: string,
  toUserId: string,
): Promise<void> {
  await dropDoubles(tx, environmentId, fromUserId, toUserId);
  for (const table of inheritedTables) {
    if (isMoved(tx, table)) {
      await moveRows(tx, table, { environmentId, fromUserId, toUserId });
      continue;
    }
    await tx
      .updateTable(table)
      .set({ user_id: toUserId })
      .where("environment_id", "=", environmentId)
      .where("user_id", "=", fromUserId)
      .execute();
  }
  await inheritTasks(tx, environmentId, fromUserId, toUserId);
  const old = await tx
    .deleteFrom("connections")
    .where("environment_id", "=", environmentId)
    .where("user_id", "=", fromUserId)
    .returning(["last_webhook_update", "last_polled_at", "most_recent_data_at", "former_user_ids"])
    .executeTakeFirst();
  if (old === undefined) return;
  const { former_user_ids, ...state } = old;
  const ids = [...former_user_ids, fromUserId];
  await updateConnection(tx, { environmentId, userId: toUserId }, state);
  await sql`UPDATE connections SET former_user_ids = former_user_ids || ${ids}::uuid[]
    WHERE environment_id = ${environmentId} AND user_id = ${toUserId}`.execute(tx);
}

/** Whether the table's rows are moved to another person, who may be on another node, and not updated. */
const isMoved = (tx: DatabaseTransaction, table: string): table is DistributedTable =>
  isDistributed(tx) && isDistributedTable(table);

async function dropDoubles(
  tx: DatabaseTransaction,
  environmentId: string,
  fromUserId: string,
  toUserId: string,
): Promise<void> {
  for (const [table, keys] of Object.entries(singleKeys)) {
    if (isMoved(tx, table)) continue;
    const isSame = keys.map((key) => sql`given.${sql.ref(key)} = old.${sql.ref(key)}`);
    const isDouble = sql`old.environment_id = ${environmentId} AND old.user_id = ${fromUserId}
        AND given.environment_id = ${environmentId} AND given.user_id = ${toUserId}
        AND ${sql.join(isSame, sql` AND `)}`;
    const named = namesBodies(table) ? sql`RETURNING old.body_key` : sql``;
    const { rows } = await sql<{ body_key: string | null }>`
      DELETE FROM ${sql.table(table)} old USING ${sql.table(table)} given WHERE ${isDouble} ${named}`.execute(
      tx,
    );
    await releaseBodies(
      tx,
      environmentId,
      rows.map(({ body_key }) => body_key),
    );
  }
}

/** Moves open tasks to the new connection, except those that end the old one's permission. */
async function inheritTasks(
  tx: DatabaseTransaction,
  environmentId: string,
  fromUserId: string,
  toUserId: string,
): Promise<void> {
  await tx
    .updateTable("fetch_tasks")
    .set({ user_id: toUserId })
    .where("environment_id", "=", environmentId)
    .where("user_id", "=", fromUserId)
    .where("state", "in", ["accepted", "waiting"])
    .where("kind", "!=", "revoke")
    .execute();
}

/** Claims the connections of which it is tried again what they open, and postpones them until `retryAt`. */
export function claimRegistrations(
  db: DatabaseOrTransaction,
  { limit, retryAt }: { readonly limit: number; readonly retryAt: Date },
): Promise<Connection[]> {
  return db
    .with("due", (query) =>
      query
        .selectFrom("connections")
        .select(["environment_id", "user_id"])
        .where("state", "=", "active")
        .where("registration_due_at", "<=", sql<Date>`now()`)
        .orderBy("registration_due_at")
        .limit(limit)
        .forNoKeyUpdate()
        .skipLocked(),
    )
    .updateTable("connections")
    .from("due")
    .set({ registration_due_at: retryAt })
    .whereRef("connections.environment_id", "=", "due.environment_id")
    .whereRef("connections.user_id", "=", "due.user_id")
    .returningAll("connections")
    .execute();
}
