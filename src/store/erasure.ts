/**
 * Erases a person: deletes every row that holds their data or names them. SECURITY.md lists what is left, and
 * test/erasure.test.ts compares every table with that list.
 *
 * All transactions lock in this order: accounts, connections, replays, jobs that rebuild records,
 * destinations, receivers, deliveries. An event may lock a destination, so events about the erasure are written between
 * `prepareErasure` and `eraseConnection`.
 */
import { type RawBuilder, sql } from "kysely";
import { deleteWithBodies, namesBodies } from "./bodies/removals.ts";
import { type Connection, type ConnectionId, findByProviderUser, findConnection } from "./connections.ts";
import { noEnvironment } from "./identifiers.ts";
import { deleteDataRequests } from "./queue.ts";
import { forgetInRenormalizations } from "./renormalizations.ts";
import { lockReplays } from "./replays.ts";
import type { DatabaseTransaction, ErasedCounts, SentTo } from "./tables.ts";
import { dropOrphans } from "./unknown-leaves.ts";
import { endUploadTokens } from "./upload-tokens.ts";

export interface Erased {
  /** The number of deleted rows by table; tables without any are left out. */
  readonly deleted: ErasedCounts;
  readonly sentTo: readonly SentTo[];
}

interface Person {
  readonly tx: DatabaseTransaction;
  readonly connection: Connection;
  /** The ids of the connection and of those it replaced. */
  readonly ids: readonly string[];
  /** Null when another connection has it too. */
  readonly ownReference: string | null;
  /** Null when another connection has the same account. */
  readonly ownAccount: string | null;
}

/**
 * Removes the person from jobs and ends jobs that could plan deliveries of theirs. The caller holds the
 * connection's lock.
 */
export async function prepareErasure(
  tx: DatabaseTransaction,
  { environment_id, user_id, former_user_ids }: Connection,
): Promise<void> {
  await lockReplays(tx, environment_id);
  await forgetInRenormalizations(tx, environment_id, [user_id, ...former_user_ids]);
}

/**
 * Erases a connection and all its data except its `deauth` event, which is still to be sent. The caller holds
 * the connection's lock.
 */
export async function eraseConnection(tx: DatabaseTransaction, id: ConnectionId): Promise<Erased> {
  const connection = await findConnection(tx, id);
  if (connection === null) return { deleted: {}, sentTo: [] };
  await prepareErasure(tx, connection);
  const person = await personOf(tx, connection);
  await hold(person);
  const sentTo = await listSentTo(person);
  await endUploadTokens(tx, id);
  const deleted: Record<string, number> = {};
  // A record and its event may have the same body.
  const keys = new Set<string>();
  const count = (what: string, rows: number): void => {
    if (rows > 0) deleted[what] = (deleted[what] ?? 0) + rows;
  };
  for (const [table, condition] of conditions(person)) {
    if (namesBodies(table)) {
      const gone = await deleteWithBodies(tx, table, condition);
      count(table, gone.rows);
      for (const key of gone.keys) keys.add(key);
    } else {
      const { numAffectedRows } = await sql`DELETE FROM ${sql.table(table)} t WHERE ${condition}`.execute(tx);
      count(table, Number(numAffectedRows ?? 0n));
    }
  }
  // After the payloads: a leaf goes with the body that it was last seen in.
  count("unknown_leaves", await dropOrphans(tx, id.environmentId));
  count("stored_bodies", keys.size);
  await deleteDataRequests(tx, id.environmentId, person.ids);
  return { deleted, sentTo };
}

async function personOf(tx: DatabaseTransaction, connection: Connection): Promise<Person> {
  const { environment_id, user_id, former_user_ids, reference_id, provider, provider_user_id } = connection;
  const sharing = await tx
    .selectFrom("connections")
    .select("user_id")
    .where("environment_id", "=", environment_id)
    .where("reference_id", "=", reference_id)
    .where("user_id", "!=", user_id)
    .executeTakeFirst();
  const sameAccount = await findByProviderUser(tx, environment_id, provider, provider_user_id);
  return {
    tx,
    connection,
    ids: [user_id, ...former_user_ids],
    ownReference: sharing === undefined ? reference_id : null,
    ownAccount: sameAccount.length > 1 ? null : provider_user_id,
  };
}

/** Returns the rows to delete, as conditions on `t`. Deliveries go before their events. */
function conditions(person: Person): [table: string, condition: RawBuilder<unknown>][] {
  const { connection, ids, ownReference } = person;
  const { environment_id } = connection;
  const here = sql`t.environment_id = ${environment_id}`;
  const ofUser = sql`t.user_id = ANY(${ids}::uuid[])`;
  const theirs = sql`${here} AND ${ofUser}`;
  const referred = ownReference === null ? sql`false` : sql`t.reference_id = ${ownReference}`;
  return [
    ...(["attempts", "due_deliveries"] as const).map((table): [string, RawBuilder<unknown>] => [
      table,
      sql`${here} AND t.delivery_id IN (SELECT d.delivery_id FROM deliveries d WHERE ${deliveriesOf(person)})`,
    ]),
    ["deliveries", sql`${here} AND t.event_id IN (${eventsOf(person)})`],
    ["events", sql`${here} AND t.event_id IN (${eventsOf(person)})`],
    ["fetch_tasks", sql`${here} AND ${tasksOf(person)}`],
    ["notifications", sql`${here} AND ${announcedOf(person)}`],
    ["notifications", refusedOf(person)],
    ["records", theirs],
    ["deleted_records", theirs],
    ["raw_parts", theirs],
    ["grown_parts", theirs],
    ["stale_records", theirs],
    ["raw_payloads", theirs],
    ["coverage", theirs],
    ["receiver_requests", sql`${here} AND ${receivedOf(person)}`],
    ["agreements", theirs],
    ["pushes", theirs],
    ["uploads", theirs],
    ["invitation_codes", theirs],
    ["upload_tokens", theirs],
    ["auth_flows", sql`${here} AND (${referred} OR ${ofUser}) AND t.grant_sealed IS NULL`],
    ["widget_sessions", sql`${here} AND (${referred} OR ${ofUser})`],
    ["auth_tokens", sql`${here} AND ${referred}`],
    ["provider_budgets", announcedOf(person)],
    ["connections", sql`${here} AND t.user_id = ${connection.user_id}`],
  ];
}

/**
 * Selects the person's events. Events of cancelled logins have no user_id: only the developer's own id tells
 * whose they were.
 */
const eventsOf = ({ connection, ids, ownReference }: Person) =>
  sql`SELECT e.event_id FROM events e WHERE e.environment_id = ${connection.environment_id}
    AND (e.user_id = ANY(${ids}::uuid[]) OR (e.user_id IS NULL AND e.reference_id = ${ownReference}))
    AND e.type <> 'deauth'`;

const deliveriesOf = (person: Person) =>
  sql`d.environment_id = ${person.connection.environment_id} AND d.event_id IN (${eventsOf(person)})`;

const announcedOf = ({ connection: { provider }, ownAccount }: Person) =>
  sql`t.provider = ${provider} AND t.provider_user_id = ${ownAccount}`;

/** Selects the person's tasks. A task that still has to revoke a permission stays, with what it needs for that. */
const tasksOf = (person: Person) =>
  sql`(t.user_id = ANY(${person.ids}::uuid[]) OR (${announcedOf(person)}))
    AND (t.kind <> 'revoke' OR t.finished_at IS NOT NULL)`;

/**
 * Selects refused bodies that name the account. They belong to nobody; the id is searched as a whole word,
 * since ids may be short.
 */
function refusedOf({ connection: { provider, provider_user_id }, ownAccount }: Person): RawBuilder<unknown> {
  if (ownAccount === null) return sql`false`;
  const account = provider_user_id.replaceAll(/[^A-Za-z0-9]/g, (character) => `\\${character}`);
  return sql`t.environment_id = ${noEnvironment} AND t.provider = ${provider} AND t.state = 'refused'
    AND encode(t.body, 'escape') ~ ${`(^|[^A-Za-z0-9])${account}($|[^A-Za-z0-9])`}`;
}

/** Selects requests that came to built-in receivers and name the person, wherever their body does. */
const receivedOf = ({ ids, ownReference }: Person) =>
  sql`(t.user_id = ANY(${ids}::uuid[]) OR (t.user_id IS NULL AND t.reference_id = ${ownReference})
    OR EXISTS (SELECT FROM unnest(${ids}::text[]) id WHERE position(convert_to(id, 'UTF8') in t.body) > 0))`;

/**
 * Locks the rows before they are deleted, so that attempts and second looks being written right now are
 * either written before and deleted too, or never written.
 */
async function hold(person: Person): Promise<void> {
  const { tx, connection } = person;
  // Held before deliveries, as by the deletion of a destination, which takes its receiver along.
  await sql`SELECT count(*) FROM (SELECT FROM receivers r WHERE r.environment_id = ${connection.environment_id}
    ORDER BY r.receiver_id FOR UPDATE) held`.execute(tx);
  await sql`SELECT count(*) FROM (SELECT FROM deliveries d WHERE ${deliveriesOf(person)}
    ORDER BY d.delivery_id FOR UPDATE) held`.execute(tx);
  await sql`SELECT count(*) FROM (SELECT FROM fetch_tasks t
    WHERE t.environment_id = ${connection.environment_id} AND ${tasksOf(person)}
    ORDER BY t.task_id FOR UPDATE) held`.execute(tx);
}

/** Returns the destinations that events were sent to, as far back as deliveries are kept. */
async function listSentTo(person: Person): Promise<SentTo[]> {
  const { rows } = await sql<SentTo>`
    SELECT d.destination_id, t.kind, count(DISTINCT d.event_id)::integer AS events, t.link_destination_id
    FROM deliveries d LEFT JOIN destinations t
      ON t.environment_id = d.environment_id AND t.destination_id = d.destination_id
    WHERE ${deliveriesOf(person)} AND d.attempts > 0
    GROUP BY d.destination_id, t.kind, t.link_destination_id ORDER BY d.destination_id`.execute(person.tx);
  return rows;
}
