/** A PostgreSQL with a database and a user for each place, who has the grants of README.md only. */
import { randomBytes } from "node:crypto";
import pg from "pg";
import { type PostgresTlsFacts, recipe } from "../../../test/servers/postgres-tls.ts";
import {
  isUnavailable,
  type RunningServer,
  type Unavailable,
  useServer,
} from "../../../test/servers/server.ts";
import type { Address, Arrival, Settings, TargetBehaviour } from "../conformance/target.ts";
import { answer, type SqlPlace, type SqlTarget } from "../kit/sql/place.fixture.ts";
import { terraLayout } from "../kit/sql/terra.ts";
import { createTable } from "./statements.ts";

export const behaviour: TargetBehaviour = {
  kind: "postgres",
  keeps: "newest",
  exact: "bytes",
  fhir: "resources",
  holds: "record",
  oversizeBytes: null,
  // An authentication request.
  endless: { begins: Buffer.from([0x52, 0x7f, 0xff, 0xff, 0xff]), settings: { ssl: "off" } },
};

export interface PostgresPlace extends SqlPlace {
  /** Connects as the database's owner, past the proxy. */
  readonly admin: pg.Pool;
  /** A new user who may only connect. */
  newUser(): Promise<Credentials>;
}

export interface PostgresTarget extends SqlTarget {
  readonly running: RunningServer<PostgresTlsFacts>;
  readonly ca: string;
  open(reached: Address): Promise<PostgresPlace>;
}

type Credentials = { readonly username: string; readonly password: string };

let count = 0;
const newName = (): string => `systole_${process.pid}_${Date.now()}_${count++}`;

export async function startTarget(): Promise<PostgresTarget | Unavailable> {
  const running = await useServer(recipe);
  if (isUnavailable(running)) return running;
  return {
    server: running.version,
    address: { host: running.host, port: running.ports.sql as number },
    running,
    ca: running.facts.ca,
    open: (reached) => openPlace(running, reached),
    restart: () => running.restart(),
    close: async () => {},
  };
}

async function openPlace(
  { facts }: RunningServer<PostgresTlsFacts>,
  reached: Address,
): Promise<PostgresPlace> {
  const database = newName();
  await asSuperuser(facts.url, `CREATE DATABASE ${database}`);
  const admin = pooled(facts.url.replace(/postgres$/, database));
  const users: string[] = [];
  const newUser = async (): Promise<Credentials> => {
    const credentials = { username: newName(), password: randomBytes(12).toString("hex") };
    await admin.query(`CREATE ROLE ${credentials.username} LOGIN PASSWORD '${credentials.password}'`);
    users.push(credentials.username);
    return credentials;
  };
  const settingsOf = (user: Credentials, more: Settings = {}): Settings => ({
    ...reached,
    database,
    ...user,
    ssl: "off",
    ...more,
  });
  const owner = await newUser();
  await admin.query(`GRANT USAGE, CREATE ON SCHEMA public TO ${owner.username}`);
  return {
    admin,
    newUser,
    query: async (text) => (await admin.query({ text, types })).rows.map(answer),
    async queryAs({ username, password }, statement) {
      const { hostname, port } = new URL(facts.url);
      const client = new pg.Client({
        host: hostname,
        port: Number(port),
        database,
        user: String(username),
        password: String(password),
      });
      await client.connect();
      await client.query(statement).finally(() => client.end());
    },
    settings: settingsOf(owner),
    typed: settingsOf(owner, { layout: "typed" }),
    async viewOwner(views) {
      for (const view of views) await admin.query(`ALTER VIEW ${view} OWNER TO ${owner.username}`);
      return settingsOf(owner, { layout: "typed" });
    },
    wrongCredentials: settingsOf({ ...owner, password: "wrong" }),
    lacking: await lacking(admin, newUser, settingsOf),
    arrivals: () => arrivals(admin),
    drop: async () => void (await admin.query(`DROP TABLE ${tables.join(", ")}`)),
    // Longer than an index takes, and nothing that can be compressed.
    poison: (event) => ({ ...event, ...withUser(randomBytes(20_000).toString("base64"), event.body) }),
    async close() {
      await admin.end();
      await asSuperuser(facts.url, `DROP DATABASE ${database} WITH (FORCE)`);
      await asSuperuser(facts.url, ...users.map((user) => `DROP ROLE ${user}`));
    },
  };
}

const tables = terraLayout.tables.map(({ name }) => name);

function withUser(userId: string, body: Buffer): { userId: string; body: Buffer } {
  const text = body.toString("utf8").replace(/"user_id":"[^"]*"/, `"user_id":"${userId}"`);
  return { userId, body: Buffer.from(text) };
}

/** Tables that exist already, and users who lack one privilege each. */
async function lacking(
  admin: pg.Pool,
  newUser: () => Promise<Credentials>,
  settingsOf: (user: Credentials, more?: Settings) => Settings,
): Promise<Record<string, Settings>> {
  const schema = "made";
  await admin.query(`CREATE SCHEMA ${schema}`);
  for (const statement of terraLayout.tables.flatMap((table) => createTable(schema, table))) {
    await admin.query(statement);
  }
  const without: Record<string, Settings> = { "CREATE on schema public": settingsOf(await newUser()) };
  const usage = settingsOf(await newUser(), { schema });
  for (const table of tables) {
    for (const privilege of leastPrivileges) {
      const user = await newUser();
      await grantTables(admin, schema, user.username);
      await admin.query(`REVOKE ${privilege} ON ${schema}.${table} FROM ${user.username}`);
      without[`${privilege} on ${table}`] = settingsOf(user, { schema });
    }
  }
  return { ...without, [`USAGE on schema ${schema}`]: usage };
}

/** The privileges in README.md for a user who may not make tables, where they are there. */
export const leastPrivileges = ["SELECT", "INSERT", "UPDATE"] as const;

export async function grantTables(admin: pg.Pool, schema: string, user: string): Promise<void> {
  await admin.query(`GRANT USAGE ON SCHEMA ${schema} TO ${user}`);
  const named = tables.map((table) => `${schema}.${table}`).join(", ");
  await admin.query(`GRANT ${leastPrivileges.join(", ")} ON ${named} TO ${user}`);
}

async function arrivals(admin: pg.Pool): Promise<Arrival[]> {
  const { rows: there } = await admin.query("SELECT to_regclass('public.terra_users') AS users");
  if (there[0].users === null) return [];
  const { rows: made } = await admin.query("SELECT to_regclass('public.fhir_resources') AS resources");
  const observations = `UNION ALL SELECT event_id, revision, resource::text FROM public.fhir_resources
     WHERE resource_type = 'Observation'`;
  const { rows } = await admin.query<{ event_id: string; revision: string | null; json: string }>(
    `SELECT event_id, revision, payload::text AS json FROM public.terra_data_payloads
     UNION ALL SELECT event_id, NULL, payload::text FROM public.terra_other_payloads
     ${made[0].resources === null ? "" : observations}`,
  );
  return rows.map(({ event_id, revision, json }) => ({
    eventId: event_id,
    revision: revision === null ? null : Number(revision),
    json,
  }));
}

/** Reads a bigint as a number, and a time without a zone as UTC instead of this machine's zone. */
const types: pg.CustomTypesConfig = {
  getTypeParser(id: number, format?: "text" | "binary") {
    if (id === pg.types.builtins.INT8 || id === pg.types.builtins.NUMERIC) return Number;
    if (id === pg.types.builtins.TIMESTAMP) return (text: string) => new Date(`${text.replace(" ", "T")}Z`);
    return pg.types.getTypeParser(id, format as "text");
  },
};

/** The server may be restarted in the middle of a test: the next query gets a new connection. */
function pooled(connectionString: string): pg.Pool {
  const pool = new pg.Pool({ connectionString, max: 2 });
  pool.on("error", () => {});
  return pool;
}

async function asSuperuser(url: string, ...statements: readonly string[]): Promise<void> {
  const pool = pooled(url);
  for (const statement of statements) await pool.query(statement);
  await pool.end();
}
