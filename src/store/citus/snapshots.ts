/**
 * Reads everything as of one moment, over all nodes. Each node has a snapshot of its own; they are opened while no commit
 * in two phases is under way, so that none of them sees a transaction that another one does not.
 */
import pg from "pg";
import { SystoleError } from "../../errors.ts";
import type { DistributedTable } from "./cluster.ts";

export interface Snapshots {
  /**
   * A shard that came to a node after the snapshots were opened looks empty in the one there.
   * @throws SystoleError SHARDS_MOVED
   */
  assertNothingMoved(): Promise<void>;
}

/**
 * Opens the snapshots of a REPEATABLE READ transaction that has not read yet. Commits wait for that moment.
 * @returns null where no tables are distributed; nothing was done then
 */
export async function openSnapshots(client: pg.Client, connectionString: string): Promise<Snapshots | null> {
  // A connection of its own: the look itself would open a snapshot.
  const places = await apart(connectionString, async (other) => {
    const { rows } = await other.query("SELECT to_regclass('public.commit_anchor') IS NOT NULL AS made");
    if (rows[0]?.made !== true) return null;
    const before = await placesOf(other);
    await other.query("BEGIN");
    await other.query("LOCK TABLE commit_anchor IN SHARE MODE");
    // One connection to each node: each has a snapshot of its own.
    await client.query("SET LOCAL citus.max_adaptive_executor_pool_size = 1");
    await client.query("SELECT user_id FROM records LIMIT 1");
    return before;
  });
  if (places === null) return null;
  return {
    async assertNothingMoved() {
      if ((await apart(connectionString, placesOf)) !== places) throw new SystoleError("SHARDS_MOVED");
    },
  };
}

/** Returns which node has which shard. */
async function placesOf(client: pg.Client): Promise<string> {
  const { rows } = await client.query(
    "SELECT string_agg(shardid || ' ' || groupid, ',' ORDER BY shardid, groupid) AS places FROM pg_dist_placement",
  );
  return String(rows[0]?.places);
}

async function apart<Result>(
  connectionString: string,
  ask: (client: pg.Client) => Promise<Result>,
): Promise<Result> {
  const client = new pg.Client({ connectionString, application_name: "systole backup" });
  client.on("error", () => {});
  await client.connect();
  try {
    return await ask(client);
  } finally {
    await client.end().catch(() => {});
  }
}

/** People whose rows one statement reads: the coordinator writes its answer down before it passes it on. */
const peopleAtOnce = 16;

/** Yields a WHERE for a few people each, who together are all that have rows in the table. */
export async function* personSelections(client: pg.Client, table: DistributedTable): AsyncGenerator<string> {
  const { rows } = await client.query<{ user_id: string }>(
    `SELECT DISTINCT user_id FROM ${table} ORDER BY 1`,
  );
  for (let start = 0; start < rows.length; start += peopleAtOnce) {
    const ids = rows.slice(start, start + peopleAtOnce).map(({ user_id: id }) => `'${id}'`);
    yield ` WHERE user_id = ANY(ARRAY[${ids.join(", ")}]::uuid[])`;
  }
}
