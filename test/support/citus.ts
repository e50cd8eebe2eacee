/**
 * Databases on a Citus that TEST_CITUS_URL names: a database of its coordinator with the extension, the coordinator's
 * address and the workers. A new one is made on every node, under the same name.
 */
import pg from "pg";
import { query } from "./query.ts";
import { waitFor } from "./wait.ts";

/** Said where the tests of Citus are not run. */
export const noCitus = "TEST_CITUS_URL names no coordinator of Citus with workers (docs/guides/citus.md)";

interface Node {
  readonly connectionString: string;
  readonly host: string;
  readonly port: number;
  readonly isCoordinator: boolean;
}

/** Returns the nodes of the Citus that TEST_CITUS_URL names, the coordinator first; none for another server. */
export async function nodesOf(connectionString: string): Promise<readonly Node[]> {
  if (connectionString !== process.env.TEST_CITUS_URL) return [];
  const found = await query<{ host: string; port: number; coordinator: boolean }>(
    connectionString,
    `SELECT nodename AS host, nodeport AS port, groupid = 0 AS coordinator
     FROM pg_dist_node WHERE noderole = 'primary' ORDER BY groupid`,
  );
  if (found[0]?.coordinator !== true || found.length === 1) throw new Error(noCitus);
  return found.map(({ host, port, coordinator }) => ({
    connectionString: coordinator ? connectionString : at(connectionString, { host, port }),
    host,
    port,
    isCoordinator: coordinator,
  }));
}

function at(
  connectionString: string,
  { host, port }: { readonly host: string; readonly port: number },
): string {
  const url = new URL(connectionString);
  url.hostname = host;
  url.port = String(port);
  return url.href;
}

/** Citus's own process connects again at any moment. */
const inUse = "55006";

const inDatabase = (connectionString: string, name: string): string => {
  const url = new URL(connectionString);
  url.pathname = `/${name}`;
  return url.href;
};

/** Makes a database with Citus on every node, without tables, or a copy of a template that is on every node. */
export async function createOnNodes(nodes: readonly Node[], name: string, template?: string): Promise<void> {
  const client = new pg.Client({ connectionString: nodes[0]?.connectionString });
  await client.connect();
  try {
    // Adding a node writes the roles there, which all databases share: two at once fail.
    await client.query("SELECT pg_advisory_lock(hashtext('systole test database'))");
    await createOneByOne(nodes, name, template);
  } finally {
    await client.end();
  }
}

async function createOneByOne(nodes: readonly Node[], name: string, template?: string): Promise<void> {
  const copied = template === undefined ? "" : ` TEMPLATE ${template} STRATEGY FILE_COPY`;
  for (const { connectionString } of nodes) await query(connectionString, `CREATE DATABASE ${name}${copied}`);
  if (template !== undefined) return;
  for (const { connectionString } of nodes)
    await query(inDatabase(connectionString, name), "CREATE EXTENSION citus");
  const [coordinator, ...workers] = nodes as [Node, ...Node[]];
  const inside = inDatabase(coordinator.connectionString, name);
  // Few: a test's database is small, and each shard is a table on a worker.
  await query(coordinator.connectionString, `ALTER DATABASE ${name} SET citus.shard_count = 4`);
  await query(inside, "SELECT citus_set_coordinator_host($1, $2)", [coordinator.host, coordinator.port]);
  for (const { host, port } of workers) await query(inside, "SELECT citus_add_node($1, $2)", [host, port]);
}

/** Closes a database to everybody, Citus's own process too: only then can it be copied. */
export async function makeTemplate(nodes: readonly Node[], name: string): Promise<void> {
  for (const { connectionString } of nodes) {
    await query(connectionString, `ALTER DATABASE ${name} ALLOW_CONNECTIONS false`);
    await query(
      connectionString,
      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1",
      [name],
    );
  }
}

export async function dropOnNodes(nodes: readonly Node[], name: string): Promise<void> {
  for (const { connectionString } of nodes)
    await waitFor(`${name} to be dropped`, () =>
      query(connectionString, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`).then(
        () => true,
        (error) => error.code !== inUse && Promise.reject(error),
      ),
    );
}
