/**
 * An embedded server for tests. Its role is a superuser, unlike Systole's: tests create and drop databases
 * and roles, also while autovacuum works on them. The rights of Systole's own role are tested with the real
 * process.
 */
import pg from "pg";
import { type EmbeddedServer, startEmbedded } from "../../src/store/embedded/server.ts";

export async function startTestServer(directory: string): Promise<EmbeddedServer> {
  const server = await startEmbedded(directory);
  const client = new pg.Client({ connectionString: server.superuserUrl });
  await client.connect();
  await client.query(`ALTER ROLE ${new URL(server.connectionString).username} SUPERUSER`);
  await client.end();
  return server;
}
