/**
 * Fills an empty database from a backup's file. The tables are made by the migrations that the backup had; a newer
 * Systole then migrates on, as at any start. All rows appear at once, in one transaction.
 */
import { createWriteStream } from "node:fs";
import { mkdir } from "node:fs/promises";
import path from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { Kysely, PostgresDialect } from "kysely";
import pg from "pg";
import { SystoleError } from "../../errors.ts";
import type { BodyStore } from "../bodies/body-store.ts";
import { newId } from "../identifiers.ts";
import { migrate, migrations } from "../migrate.ts";
import { Queue } from "../queue.ts";
import type { Tables } from "../tables.ts";
import { type About, type Entry, type Header, openArchive } from "./archive.ts";
import { copyIn } from "./copy.ts";
import {
  type Layout,
  nameOf,
  quoted,
  readQueueVersion,
  readTables,
  schemas,
  type TableName,
} from "./layout.ts";

export interface Target {
  readonly connectionString: string;
  readonly bodies: BodyStore;
  /** Whether a secret key with this id is at hand, in hexadecimal. */
  readonly hasKey: (id: string) => boolean;
}

export interface Restoring {
  readonly file: string;
  readonly signal: AbortSignal;
  readonly progress: (what: string) => void;
}

/**
 * @throws SystoleError BACKUP_UNREADABLE, BACKUP_KEY_WRONG, RESTORE_NOT_EMPTY, STORE_NEWER_THAN_CODE; the database's error
 */
export async function restoreBackup(target: Target, restoring: Restoring): Promise<Header> {
  const { header, entries } = await openArchive(restoring.file);
  assertFits(header, target);
  await assertEmpty(target.connectionString);
  await makeTables(target.connectionString, header);
  await withClient(target.connectionString, async (client) => {
    const queue = await readQueueVersion(client);
    if (queue !== header.queue) {
      const reason = `its queue has the schema ${header.queue}, this Systole's ${queue}: restore it with Systole ${header.version}, then upgrade`;
      throw new SystoleError("BACKUP_UNREADABLE", { file: restoring.file, reason });
    }
    await fill(client, target.bodies, entries, restoring);
  });
  return header;
}

function assertFits({ schema, key }: Header, { hasKey }: Target): void {
  const known = Number(migrations.at(-1)?.number);
  if (schema > known) throw new SystoleError("STORE_NEWER_THAN_CODE", { schema, code: known });
  if (!hasKey(key)) throw new SystoleError("BACKUP_KEY_WRONG", { key });
}

/** A start makes an environment at once, so a database without one has no data. @throws SystoleError RESTORE_NOT_EMPTY */
async function assertEmpty(connectionString: string): Promise<void> {
  await withClient(connectionString, async (client) => {
    for (const table of ["environments", "house"]) {
      const { rows } = await client.query("SELECT to_regclass($1) IS NOT NULL AS made", [`public.${table}`]);
      if (rows[0]?.made !== true) continue;
      const { rowCount } = await client.query(`SELECT FROM public.${quoted(table)} LIMIT 1`);
      if (rowCount !== 0) throw new SystoleError("RESTORE_NOT_EMPTY", { table });
    }
  });
}

async function makeTables(connectionString: string, { schema }: Header): Promise<void> {
  const pool = new pg.Pool({ connectionString, max: 2 });
  pool.on("error", () => {});
  const db = new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) });
  try {
    const wanted = migrations.filter(({ number }) => number <= schema);
    await migrate(db, wanted);
  } finally {
    await db.destroy();
  }
  const queue = await Queue.open(connectionString, () => {});
  await queue.close();
}

async function fill(
  client: pg.Client,
  bodies: BodyStore,
  entries: AsyncIterable<Entry>,
  { file, signal, progress }: Restoring,
): Promise<void> {
  await client.query("BEGIN");
  const tables = await readTables(client);
  const known = new Map(tables.map((table) => [nameOf(table), new Set(table.columns)]));
  const putBack = await withoutChecks(client);
  await empty(client, tables);
  let layout: Layout | null = null;
  let named = "";
  for await (const { about, chunks } of entries) {
    signal.throwIfAborted();
    if (about.kind === "layout") {
      layout = about.layout as Layout;
      await makePartitions(client, layout);
    } else if (about.kind === "body") await putBody(bodies, about.key, chunks);
    else if (about.kind === "table") {
      await fillTable(client, known, { about, chunks }, file);
      const name = nameOf(about);
      // A table whose rows are on several nodes comes in pieces.
      if (name !== named) progress(`${about.schema}.${about.table}`);
      named = name;
    }
  }
  for (const { name, value } of layout?.sequences ?? []) {
    await client.query("SELECT setval($1::regclass, $2)", [name, value]);
  }
  for (const statement of putBack) await client.query(statement);
  await client.query("COMMIT");
}

/** @throws SystoleError BACKUP_UNREADABLE where the table has not all of the columns */
async function fillTable(
  client: pg.Client,
  known: ReadonlyMap<string, ReadonlySet<string>>,
  { about, chunks }: { readonly about: TableAbout; readonly chunks: Entry["chunks"] },
  file: string,
): Promise<void> {
  const columns = known.get(nameOf(about));
  const strange = about.columns.filter((column) => columns?.has(column) !== true);
  if (strange.length > 0) {
    const reason = `${about.table} has no ${strange.join(", ")}`;
    throw new SystoleError("BACKUP_UNREADABLE", { file, reason });
  }
  const list = about.columns.map(quoted).join(", ");
  await copyIn(client, `COPY ${nameOf(about)} (${list}) FROM STDIN (FORMAT binary)`, chunks);
}

type TableAbout = Extract<About, { kind: "table" }>;

/** Partitions of weeks that have passed, which no start makes any more. */
async function makePartitions(client: pg.Client, { partitions }: Layout): Promise<void> {
  for (const { name, parent, bound } of partitions) {
    await client.query(`CREATE TABLE IF NOT EXISTS ${name} PARTITION OF ${parent} ${bound}`);
  }
}

/** The queue and a migration write rows of their own. The audit log, which nobody may empty, has none yet. */
async function empty(client: pg.Client, tables: readonly TableName[]): Promise<void> {
  for (const table of tables) {
    const { rowCount } = await client.query(`SELECT FROM ${nameOf(table)} LIMIT 1`);
    if (rowCount !== 0) await client.query(`TRUNCATE ${nameOf(table)}`);
  }
}

/**
 * Takes away references between tables, and triggers of new rows, until every row is there, whatever the order of the
 * tables. Returns the statements that put them back; a reference is checked then.
 */
async function withoutChecks(client: pg.Client): Promise<string[]> {
  const references = await client.query<{ table: string; name: string; definition: string }>(
    `SELECT c.conrelid::regclass::text AS table, quote_ident(c.conname) AS name, pg_get_constraintdef(c.oid) AS definition
     FROM pg_constraint c JOIN pg_namespace n ON n.oid = c.connamespace
     WHERE c.contype = 'f' AND c.conparentid = 0 AND n.nspname = ANY($1) ORDER BY 1, 2`,
    [schemas],
  );
  // Bit 2 of tgtype: it fires on INSERT.
  const triggers = await client.query<{ table: string; name: string }>(
    `SELECT t.tgrelid::regclass::text AS table, quote_ident(t.tgname) AS name
     FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE NOT t.tgisinternal AND t.tgparentid = 0 AND t.tgtype & 4 <> 0 AND t.tgenabled = 'O' AND n.nspname = ANY($1)
     ORDER BY 1, 2`,
    [schemas],
  );
  for (const { table, name } of references.rows)
    await client.query(`ALTER TABLE ${table} DROP CONSTRAINT ${name}`);
  for (const { table, name } of triggers.rows)
    await client.query(`ALTER TABLE ${table} DISABLE TRIGGER ${name}`);
  return [
    ...triggers.rows.map(({ table, name }) => `ALTER TABLE ${table} ENABLE TRIGGER ${name}`),
    ...references.rows.map(
      ({ table, name, definition }) => `ALTER TABLE ${table} ADD CONSTRAINT ${name} ${definition}`,
    ),
  ];
}

async function putBody(bodies: BodyStore, key: string, chunks: AsyncIterable<Buffer>): Promise<void> {
  await mkdir(bodies.incoming, { recursive: true, mode: 0o700 });
  const file = path.join(bodies.incoming, `restored-${newId()}`);
  await pipeline(Readable.from(chunks), createWriteStream(file, { mode: 0o600 }));
  await bodies.put(key, file);
}

async function withClient<Result>(
  connectionString: string,
  work: (client: pg.Client) => Promise<Result>,
): Promise<Result> {
  const client = new pg.Client({ connectionString, application_name: "systole restore", keepAlive: true });
  client.on("error", () => {});
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end().catch(() => {});
  }
}
