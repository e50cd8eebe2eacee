/** A MariaDB with a database and a user for each place, who has the grants of README.md only. */
import { randomBytes } from "node:crypto";
import mysql from "mysql2/promise";
import { type MariadbFacts, recipe } from "../../../test/servers/mariadb.ts";
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

const mebibyte = 1_048_576;

export const behaviour: TargetBehaviour = {
  kind: "mysql",
  keeps: "newest",
  exact: "bytes",
  fhir: "resources",
  holds: "record",
  // The default of MariaDB's max_allowed_packet.
  oversizeBytes: 17 * mebibyte,
  // A greeting of as many bytes as one packet has, and more to follow.
  endless: { begins: Buffer.from([0xff, 0xff, 0xff, 0x00]), speaksFirst: true, settings: { ssl: "off" } },
};

export interface MysqlPlace extends SqlPlace {
  /** A user with all permissions in this place's database, past the proxy. */
  readonly admin: mysql.Pool;
  readonly database: string;
  /** A new user with these grants: `SELECT ON users`, or `SELECT ON *`, in the place's database or that one. */
  newUser(grants: readonly string[], database?: string): Promise<Settings>;
}

export interface MysqlTarget extends SqlTarget {
  readonly running: RunningServer<MariadbFacts>;
  readonly ca: string;
  open(reached: Address): Promise<MysqlPlace>;
}

let count = 0;
const newName = (): string => `systole_${process.pid}_${Date.now()}_${count++}`;

export const startTarget = (): Promise<MysqlTarget | Unavailable> => startTargetOn(recipe);

export async function startTargetOn(which: typeof recipe): Promise<MysqlTarget | Unavailable> {
  const running = await useServer(which);
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
  { host, ports, facts: { user, password } }: RunningServer<MariadbFacts>,
  reached: Address,
): Promise<MysqlPlace> {
  const database = newName();
  const root = { host, port: ports.sql as number, user, password };
  const admin = mysql.createPool({ ...root, connectionLimit: 2 });
  await admin.query(`CREATE DATABASE ${database}`);
  const users: string[] = [];
  const newUser = async (grants: readonly string[], within = database): Promise<Settings> => {
    const credentials = { username: newName(), password: randomBytes(12).toString("hex") };
    users.push(credentials.username);
    await admin.query(`CREATE USER ${credentials.username} IDENTIFIED BY '${credentials.password}'`);
    for (const grant of grants) {
      const placed = grant.replace(" ON ", ` ON ${within}.`);
      await admin.query(`GRANT ${placed} TO ${credentials.username}`);
    }
    return { ...reached, database: within, ...credentials, ssl: "off" };
  };
  const settings = await newUser([leastGrant]);
  const within = mysql.createPool({ ...root, database, connectionLimit: 2, timezone: "Z" });
  return {
    admin,
    database,
    newUser,
    async query(statement) {
      const [rows] = await within.query<mysql.RowDataPacket[]>(statement);
      return Array.isArray(rows) ? rows.map(answer) : [];
    },
    async queryAs({ username, password }, statement) {
      const user = { user: String(username), password: String(password) };
      const connection = await mysql.createConnection({ ...root, ...user, database });
      await connection.query(statement).finally(() => connection.end());
    },
    settings,
    fhir: await newUser([fhirGrant]),
    typed: { ...(await newUser([typedGrant])), layout: "typed" },
    viewOwner: async (views) => ({
      ...(await newUser([typedGrant, ...views.map((view) => `DROP ON ${view}`)])),
      layout: "typed",
    }),
    wrongCredentials: { ...settings, password: "wrong" },
    lacking: await lacking(admin, `${database}_made`, newUser),
    arrivals: () => arrivals(admin, database),
    async drop() {
      await admin.query(`DROP TABLE ${tables.map((table) => `${database}.${table}`).join(", ")}`);
    },
    // Longer than the column.
    poison: (event) => withUser("x".repeat(300), event),
    async close() {
      await within.end();
      for (const one of [database, `${database}_made`]) await admin.query(`DROP DATABASE ${one}`);
      await admin.query(`DROP USER ${users.join(", ")}`);
      await admin.end();
    },
  };
}

/** The grants in README.md for a user who makes the tables. */
export const leastGrant = "CREATE, SELECT, INSERT, UPDATE ON *";
/** The same for the format `fhir`. */
export const fhirGrant = "CREATE, SELECT, INSERT, UPDATE, DELETE ON *";
/** The same for the typed layout. */
export const typedGrant = "CREATE, CREATE VIEW, ALTER, SELECT, INSERT, UPDATE, DELETE ON *";
/** The grants in README.md for a user who may not make tables, where they are there. */
export const leastPrivileges = ["SELECT", "INSERT", "UPDATE"] as const;

const tables = terraLayout.tables.map(({ name }) => name);

/** A user who may not make tables; and for tables that exist already, users who lack one grant each. */
async function lacking(
  admin: mysql.Pool,
  made: string,
  newUser: MysqlPlace["newUser"],
): Promise<Record<string, Settings>> {
  await admin.query(`CREATE DATABASE ${made}`);
  for (const table of terraLayout.tables) {
    await admin.query(createTable(table).replace(table.name, `${made}\`.\`${table.name}`));
  }
  const rights = leastPrivileges.join(", ");
  const without: Record<string, Settings> = {
    [`CREATE on ${tables[0]}`]: await newUser([`${rights} ON *`]),
  };
  for (const table of tables) {
    for (const missing of leastPrivileges) {
      const others = leastPrivileges.filter((one) => one !== missing).join(", ");
      const grants = tables.map((one) => `${one === table ? others : rights} ON ${one}`);
      without[`${missing} on ${table}`] = await newUser(grants, made);
    }
  }
  return without;
}

export function withUser<Event extends { readonly body: Buffer }>(
  userId: string,
  event: Event,
): Event & { userId: string } {
  const text = event.body.toString("utf8").replace(/"user_id":"[^"]*"/, `"user_id":"${userId}"`);
  return { ...event, userId, body: Buffer.from(text) };
}

/** A payload that no packet could hold is null; the column beside it has its address. */
async function arrivals(admin: mysql.Pool, database: string): Promise<Arrival[]> {
  const [there] = await admin.query<mysql.RowDataPacket[]>(`SHOW TABLES FROM ${database}`);
  if (there.length === 0) return [];
  const [rows] = await admin.query<mysql.RowDataPacket[]>(
    `SELECT event_id, revision, payload, payload_url, user_id, data_type FROM ${database}.terra_data_payloads
     UNION ALL SELECT event_id, NULL, payload, payload_url, user_id, data_type FROM ${database}.terra_other_payloads`,
  );
  const hasResources = there.some((table) => Object.values(table).includes("fhir_resources"));
  const resources = hasResources ? await observations(admin, database) : [];
  const others = rows.map(({ event_id, revision, payload, payload_url, user_id, data_type }) => {
    const link = { type: "s3_payload", url: payload_url, user_id, payload_type: data_type, event_id };
    return { eventId: event_id, revision, json: payload ?? JSON.stringify(link) };
  });
  return [...others, ...resources];
}

async function observations(admin: mysql.Pool, database: string): Promise<Arrival[]> {
  const [rows] = await admin.query<mysql.RowDataPacket[]>(
    `SELECT event_id, revision, resource FROM ${database}.fhir_resources WHERE resource_type = 'Observation'`,
  );
  return rows.map(({ event_id, revision, resource }) => ({ eventId: event_id, revision, json: resource }));
}
