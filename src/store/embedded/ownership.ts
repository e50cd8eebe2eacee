/**
 * Ensures one Systole per data directory: a session lock in the embedded server, held for as long as this
 * process lives.
 */
import pg from "pg";
import { SystoleError } from "../../errors.ts";

const ownerLock = 6_104_203_512;
const applicationName = (pid: number): string => `systole owner ${pid}`;
const pauseMs = 500;
/** The server may need a moment to notice that a killed predecessor's connection is gone. */
const releaseMs = 2_000;

/**
 * Takes the lock; returns a function that releases it.
 * @throws SystoleError DATA_DIR_IN_USE with the other process's id
 */
export async function claimOwnership(
  connectionString: string,
  dataDirectory: string,
): Promise<() => Promise<void>> {
  let released = false;
  let client = await acquire(connectionString, Date.now() + releaseMs, dataDirectory);
  const watch = (held: pg.Client): void => {
    held.once("error", () => {});
    held.once("end", () => {
      if (!released) void reacquire();
    });
  };
  // A restart of the server ends every session, and the lock with it; take it again.
  const reacquire = async (): Promise<void> => {
    while (!released) {
      try {
        client = await acquire(connectionString, Date.now(), dataDirectory);
        watch(client);
        return;
      } catch {
        await pause();
      }
    }
  };
  watch(client);
  return async () => {
    released = true;
    await client.end().catch(() => {});
  };
}

const pause = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, pauseMs).unref());

async function acquire(
  connectionString: string,
  deadline: number,
  dataDirectory: string,
): Promise<pg.Client> {
  const client = new pg.Client({
    connectionString,
    application_name: applicationName(process.pid),
    keepAlive: true,
  });
  await client.connect();
  for (;;) {
    const { rows } = await client.query("SELECT pg_try_advisory_lock($1) AS held", [ownerLock]);
    if (rows[0].held) return client;
    if (Date.now() >= deadline) break;
    await pause();
  }
  const { rows } = await client.query(
    `SELECT substring(application_name from '\\d+$') AS pid FROM pg_locks JOIN pg_stat_activity USING (pid)
     WHERE locktype = 'advisory' AND (classid::bigint << 32) + objid::bigint = $1 AND granted`,
    [ownerLock],
  );
  await client.end();
  throw new SystoleError("DATA_DIR_IN_USE", { directory: dataDirectory, pid: Number(rows[0]?.pid) });
}
