/**
 * A Citus of a test's own, whose nodes it may stop: a coordinator and workers, started from the programs of a PostgreSQL
 * with Citus that TEST_CITUS_BIN names.
 */
import { appendFile, mkdtemp, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { freePort } from "../../src/store/embedded/free-port.ts";
import { type RunAs, runAs, runCommand } from "../../src/store/embedded/run-as.ts";
import { query } from "./query.ts";

/** Said where these tests are not run. */
export const noOwnCitus = "TEST_CITUS_BIN names no folder with initdb and pg_ctl of a PostgreSQL with Citus";

const { TEST_CITUS_BIN: binaries } = process.env;
export const hasOwnCitus = Boolean(binaries);

export interface CitusNode {
  readonly port: number;
  readonly connectionString: string;
  /** The same database, as a superuser. */
  readonly asSuperuser: string;
  /** Ends it as a crash would. */
  crash(): Promise<void>;
  start(): Promise<void>;
  /** Ends it, and starts it at another port, which the other nodes are not told. */
  move(): Promise<void>;
}

export interface OwnCitus extends AsyncDisposable {
  readonly coordinator: CitusNode;
  readonly workers: readonly CitusNode[];
  /** Starts one more server with the extension, which the coordinator does not know yet. */
  newNode(): Promise<CitusNode>;
}

const host = "127.0.0.1";
/** Shards for each table: enough to be spread over three workers. */
const shards = 6;

/** The logins of a node: a superuser's, and the one of Systole. */
interface Access {
  readonly initdb: readonly string[];
  /** The words before a program of PostgreSQL. */
  readonly prefix: readonly string[];
  readonly superuser: string;
  readonly systole: string;
  readonly database: string;
  /** Statements that make the role and the database on each node. */
  readonly making: readonly string[];
}

const trusting: Access = {
  initdb: ["--auth=trust"],
  prefix: [],
  superuser: "postgres",
  systole: "postgres",
  database: "postgres",
  making: [],
};

/** As docs/guides/citus.md has it: a role without rights, and passwords between nodes by a password file. */
async function byPasswords(directory: string): Promise<Access> {
  const [first, passwords] = [path.join(directory, "first"), path.join(directory, "pgpass")];
  await writeFile(first, "of-superuser");
  await writeFile(passwords, "*:*:systole:postgres:of-superuser\n*:*:systole:systole:of-systole\n", {
    mode: 0o600,
  });
  return {
    initdb: ["--auth=scram-sha-256", `--pwfile=${first}`],
    prefix: ["env", `PGPASSFILE=${passwords}`],
    superuser: "postgres:of-superuser",
    systole: "systole:of-systole",
    database: "systole",
    making: ["CREATE ROLE systole LOGIN PASSWORD 'of-systole'", "CREATE DATABASE systole OWNER systole"],
  };
}

/** @param hasPasswords whether nodes ask each other and Systole for passwords; they trust everybody otherwise */
export async function startOwnCitus(workerCount: number, hasPasswords = false): Promise<OwnCitus> {
  const directory = await mkdtemp(path.join(os.tmpdir(), "systole-citus-"));
  const access = hasPasswords ? await byPasswords(directory) : trusting;
  const nodes: CitusNode[] = [];
  const newNode = async (): Promise<CitusNode> => {
    const node = await makeNode(path.join(directory, String(nodes.length)), access);
    nodes.push(node);
    const first = new URL(node.asSuperuser);
    first.pathname = "/postgres";
    for (const text of access.making) await query(first.href, text);
    await query(node.asSuperuser, "CREATE EXTENSION citus");
    return node;
  };
  const stop = async (): Promise<void> => {
    for (const node of nodes) await node.crash();
    await rm(directory, { recursive: true, force: true });
  };
  try {
    const coordinator = await newNode();
    const workers: CitusNode[] = [];
    for (let count = 0; count < workerCount; count++) workers.push(await newNode());
    const ask = (text: string, values: unknown[] = []) => query(coordinator.asSuperuser, text, values);
    await ask(`ALTER DATABASE ${access.database} SET citus.shard_count = ${shards}`);
    await ask("SELECT citus_set_coordinator_host($1, $2)", [host, coordinator.port]);
    for (const { port } of workers) await ask("SELECT citus_add_node($1, $2)", [host, port]);
    return { coordinator, workers, newNode, [Symbol.asyncDispose]: stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

const settings = (port: number): string => `
shared_preload_libraries = 'citus'
wal_level = logical
max_prepared_transactions = 100
port = ${port}
listen_addresses = '${host}'
unix_socket_directories = ''
shared_buffers = 32MB
# What a crash of the process leaves is with the system: the data need not survive a power cut.
fsync = off
citus.enable_statistics_collection = off
`;

async function makeNode(cluster: string, access: Access): Promise<CitusNode> {
  const user = runAs(cluster);
  const who = { ...user, prefix: [...user.prefix, ...access.prefix] };
  let port = await freePort();
  const making = ["-D", cluster, "-U", "postgres", ...access.initdb, "-E", "UTF8", "--locale=C"];
  await run(who, "initdb", making);
  const configure = (lines: string): Promise<void> =>
    appendFile(path.join(cluster, "postgresql.conf"), lines);
  await configure(settings(port));
  const control = (...args: string[]): Promise<void> => run(who, "pg_ctl", ["-D", cluster, "-w", ...args]);

  let isUp = false;
  const node: CitusNode = {
    get port() {
      return port;
    },
    get connectionString() {
      return `postgresql://${access.systole}@${host}:${port}/${access.database}`;
    },
    get asSuperuser() {
      return `postgresql://${access.superuser}@${host}:${port}/${access.database}`;
    },
    async crash() {
      if (isUp) await control("-m", "immediate", "stop");
      isUp = false;
    },
    async start() {
      await control("-l", path.join(cluster, "log"), "start");
      isUp = true;
    },
    async move() {
      await node.crash();
      port = await freePort();
      await configure(`port = ${port}\n`);
      await node.start();
    },
  };
  await node.start();
  return node;
}

async function run(who: RunAs, program: string, args: readonly string[]): Promise<void> {
  const { exitCode, output } = await runCommand(who, path.join(String(binaries), program), args);
  if (exitCode !== 0) throw new Error(`${program} failed: ${output}`);
}
