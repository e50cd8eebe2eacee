/** The state of Citus on a server: whether it is there, its nodes, and the tables that are distributed over them. */
import { sql } from "kysely";
import type { DatabaseOrTransaction, Tables } from "../tables.ts";

/**
 * The tables that hold what a person's data weighs. They are distributed by `user_id` and colocated: all rows of a person
 * are on one node. Every other table stays on the coordinator.
 */
export const distributedTables = [
  "records",
  "raw_parts",
  "raw_payloads",
  "grown_parts",
] as const satisfies readonly (keyof Tables)[];

export type DistributedTable = (typeof distributedTables)[number];

export const isDistributedTable = (table: string): table is DistributedTable =>
  (distributedTables as readonly string[]).includes(table);

export interface Cluster {
  /** The nodes besides the coordinator that take shards. */
  readonly workers: number;
  /** Whether Citus knows the coordinator's own address. */
  readonly hasCoordinator: boolean;
  /** Those of our tables that are not distributed. */
  readonly local: readonly DistributedTable[];
}

/** Returns null where the database has no Citus. */
export async function readCluster(db: DatabaseOrTransaction): Promise<Cluster | null> {
  const { rows: found } = await sql`SELECT FROM pg_extension WHERE extname = 'citus'`.execute(db);
  if (found.length === 0) return null;
  const { rows } = await sql<{ workers: number; has_coordinator: boolean; distributed: string[] }>`
    SELECT count(*) FILTER (WHERE groupid <> 0 AND shouldhaveshards AND isactive)::integer AS workers,
      coalesce(bool_or(groupid = 0), false) AS has_coordinator,
      ARRAY(SELECT logicalrelid::text FROM pg_dist_partition WHERE partmethod = 'h') AS distributed
    FROM pg_dist_node WHERE noderole = 'primary'`.execute(db);
  const { workers = 0, has_coordinator: hasCoordinator = false, distributed = [] } = rows[0] ?? {};
  const local = distributedTables.filter((table) => !distributed.includes(table));
  return { workers, hasCoordinator, local };
}

/** Whether one of our tables is distributed; further ones may come with a new release. */
export const hasDistributed = ({ local }: Cluster): boolean => local.length < distributedTables.length;

/** Why tables that could be distributed are not. */
export type Obstacle = "no coordinator" | "in use";

/** How each obstacle is said, and what to do about it. */
export const obstacles: Readonly<Record<Obstacle, { readonly says: string; readonly remedy: string }>> = {
  "no coordinator": {
    says: "Citus does not know the coordinator's address",
    remedy: "Run SELECT citus_set_coordinator_host('ADDRESS') with the address by which workers reach it.",
  },
  "in use": {
    says: "processes of Systole are connected that would go on writing as to one server",
    remedy: "Stop all of them, then run `npm run systole -- migrate`, or start one.",
  },
};
