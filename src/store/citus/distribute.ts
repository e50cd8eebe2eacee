/**
 * Distributes the tables that hold a person's data, where the server has Citus with workers. Each is distributed once,
 * with the rows that it has; elsewhere nothing happens.
 */
import { sql } from "kysely";
import type { DatabaseTransaction } from "../tables.ts";
import {
  type Cluster,
  type DistributedTable,
  hasDistributed,
  type Obstacle,
  readCluster,
} from "./cluster.ts";

/**
 * The caller holds the migrations' lock and has run all of them.
 * @returns what is in the way; null when nothing is left to do
 */
export async function distribute(tx: DatabaseTransaction): Promise<Obstacle | null> {
  const cluster = await readCluster(tx);
  if (cluster === null || cluster.workers === 0 || cluster.local.length === 0) return null;
  const obstacle = await obstacleOf(tx, cluster);
  if (obstacle !== null) return obstacle;
  await makeAnchor(tx);
  for (const table of cluster.local) await distributeTable(tx, table);
  return null;
}

async function obstacleOf(tx: DatabaseTransaction, cluster: Cluster): Promise<Obstacle | null> {
  if (!cluster.hasCoordinator) return "no coordinator";
  return !hasDistributed(cluster) && (await isInUse(tx)) ? "in use" : null;
}

/**
 * Whether a process has opened this database before. It would not know that its commits have to be in two phases. Both
 * names are of connections that each process keeps and that are opened after the migrations.
 */
async function isInUse(tx: DatabaseTransaction): Promise<boolean> {
  const { rows } = await sql`SELECT FROM pg_stat_activity
    WHERE datname = current_database() AND application_name IN ('systole queue', 'systole due')`.execute(tx);
  return rows.length > 0;
}

/** The table that makes commits two-phase; see dialect.ts. It has no rows. */
async function makeAnchor(tx: DatabaseTransaction): Promise<void> {
  await sql`CREATE TABLE IF NOT EXISTS commit_anchor (id integer PRIMARY KEY, n integer NOT NULL)`.execute(
    tx,
  );
  await sql`SELECT citus_add_local_table_to_metadata('commit_anchor')
    WHERE NOT EXISTS (SELECT FROM pg_dist_partition WHERE logicalrelid = 'commit_anchor'::regclass)`.execute(
    tx,
  );
}

async function distributeTable(tx: DatabaseTransaction, table: DistributedTable): Promise<void> {
  if (table === "raw_payloads") await keyByPerson(tx);
  const together = table === "records" ? sql`'default'` : sql`'records'`;
  const hadRows = await hasRows(tx, table);
  await sql`SELECT create_distributed_table(${table}, 'user_id', colocate_with => ${together})`.execute(tx);
  // The rows are on the workers now; what the coordinator had is still in its own file.
  if (hadRows) await sql`SELECT truncate_local_data_after_distributing_table(${table})`.execute(tx);
}

async function hasRows(tx: DatabaseTransaction, table: DistributedTable): Promise<boolean> {
  const { rows } = await sql`SELECT FROM ${sql.table(table)} LIMIT 1`.execute(tx);
  return rows.length > 0;
}

/** Citus keeps a key unique only within a person. The id stays before the person, so that it is found by itself too. */
async function keyByPerson(tx: DatabaseTransaction): Promise<void> {
  await sql`ALTER TABLE raw_payloads DROP CONSTRAINT raw_payloads_pkey,
    ADD PRIMARY KEY (environment_id, raw_payload_id, user_id)`.execute(tx);
}
