/**
 * An embedded server for tests. Its role is a superuser, unlike Systole's: tests create and drop databases
 * and roles, also while autovacuum works on them. The rights of Systole's own role are tested with the real
 * process.
 */
import pg from "pg";
import { type EmbeddedServer, startEmbedded } from "../../src/store/embedded/server.ts";

/** @param isDurable whether it waits for the disk, as Systole's own does: a test's data need not survive a power cut */
export async function startTestServer(directory: string, isDurable = false): Promise<EmbeddedServer> {
  const server = await startEmbedded(directory);
  const client = new pg.Client({ connectionString: server.superuserUrl });
  await client.connect();
  await client.query(`ALTER ROLE ${new URL(server.connectionString).username} SUPERUSER`);
  if (!isDurable) await stopWaitingForDisk(client);
  await client.end();
  return server;
}

async function stopWaitingForDisk(client: pg.Client): Promise<void> {
  for (const setting of ["fsync", "full_page_writes"])
    await client.query(`ALTER SYSTEM SET ${setting} = off`);
  await client.query("SELECT pg_reload_conf()");
}
