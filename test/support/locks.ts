/** Locks of the database, for tests. */
import { sql } from "kysely";
import type { Database } from "../../src/store/tables.ts";
import { waitFor } from "./wait.ts";

/**
 * Returns how many statements of this database wait for a lock that another transaction holds. Ask with the pool: a
 * transaction sees what it saw at first.
 */
export async function waitingForLocks(db: Database): Promise<number> {
  const { rows } = await sql`SELECT FROM pg_stat_activity
    WHERE datname = current_database() AND wait_event_type = 'Lock'`.execute(db);
  return rows.length;
}

/** Waits until at least so many statements of this database wait for a lock that another transaction holds. */
export const lockAwaited = (db: Database, times = 1): Promise<boolean> =>
  waitFor("a statement that waits for a lock", async () => (await waitingForLocks(db)) >= times);
