/**
 * An embedded server for tests. Its role is a superuser, unlike the one Systole gets: tests make and drop databases and
 * roles, also while autovacuum is at work in them. What Systole's own role may do is tested with the real process.
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
