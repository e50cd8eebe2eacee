/** An embedded server for tests: its role may make databases, and is otherwise what Systole has. */
import pg from "pg";
import { type EmbeddedServer, startEmbedded } from "../../src/store/embedded/server.ts";

export async function startTestServer(directory: string): Promise<EmbeddedServer> {
  const server = await startEmbedded(directory);
  const client = new pg.Client({ connectionString: server.superuserUrl });
  await client.connect();
  await client.query(`ALTER ROLE ${new URL(server.connectionString).username} CREATEDB`);
  await client.end();
  return server;
}
