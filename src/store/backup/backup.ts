/**
 * Writes everything that a database holds into one file: all tables as one snapshot sees them, and the large bodies
 * that it names. Systole goes on meanwhile.
 */
import { createReadStream } from "node:fs";
import pg from "pg";
import type { BodyStore } from "../bodies/body-store.ts";
import { removalLock } from "../bodies/removals.ts";
import { isDistributedTable } from "../citus/cluster.ts";
import { openSnapshots, personSelections } from "../citus/snapshots.ts";
import { type Entry, type Header, withoutChunks, writeArchive } from "./archive.ts";
import { copyOut } from "./copy.ts";
import {
  nameOf,
  quoted,
  readLayout,
  readQueueVersion,
  readTables,
  type Table,
  type TableName,
} from "./layout.ts";

export interface Source {
  readonly connectionString: string;
  readonly bodies: BodyStore;
  /** The id of the secret key, in hexadecimal. */
  readonly key: string;
  readonly version: string;
}

export interface Written {
  readonly tables: number;
  readonly bytes: number;
  readonly bodies: number;
  /** Bodies that rows name and that the store does not have. */
  readonly missing: number;
}

export interface Backing {
  readonly file: string;
  readonly signal: AbortSignal;
  /** Hears of each table that is done. */
  readonly progress: (table: string, bytes: number) => void;
}

/** @throws the database's error; SystoleError SHARDS_MOVED; Error EEXIST where the file is there */
export async function writeBackup(source: Source, backing: Backing): Promise<Written> {
  const client = new pg.Client({
    connectionString: source.connectionString,
    application_name: "systole backup",
    keepAlive: true,
  });
  client.on("error", () => {});
  await client.connect();
  try {
    // Before the snapshot: no body that it names is removed until this connection ends. A second backup waits here.
    await client.query(`SELECT pg_advisory_lock(${removalLock})`);
    await client.query("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
    const snapshots = await openSnapshots(client, source.connectionString);
    const header = await headerOf(client, source);
    const done = { tables: 0, bytes: 0, bodies: 0, missing: 0 };
    await writeArchive(
      backing.file,
      header,
      entriesOf({ client, isDistributed: snapshots !== null }, source, backing, done),
      backing.signal,
    );
    await snapshots?.assertNothingMoved();
    return done;
  } finally {
    // Also ends a COPY that was broken off.
    await client.end().catch(() => {});
  }
}

async function headerOf(client: pg.Client, { key, version }: Source): Promise<Header> {
  const { rows } = await client.query("SELECT max(number) AS schema FROM public.migrations");
  const queue = await readQueueVersion(client);
  return { schema: Number(rows[0]?.schema), queue, key, version, createdAt: new Date().toISOString() };
}

type Counts = { -readonly [Name in keyof Written]: Written[Name] };

interface Snapshot {
  readonly client: pg.Client;
  /** Whether a person's rows are on other nodes. */
  readonly isDistributed: boolean;
}

async function* entriesOf(
  { client, isDistributed }: Snapshot,
  { bodies }: Source,
  { progress }: Backing,
  done: Counts,
): AsyncGenerator<Entry> {
  yield withoutChunks({ kind: "layout", layout: await readLayout(client) });
  // Before the rows that name them, as they are written by Systole itself.
  const tables = await readTables(client);
  for (const key of await bodyKeys(client, tables)) {
    await using body = await bodies.open(key);
    if (body === null) {
      done.missing++;
      continue;
    }
    yield { about: { kind: "body", key }, chunks: createReadStream(body.file) };
    done.bodies++;
  }
  for (const { schema, table, columns } of tables) {
    const before = done.bytes;
    const name = nameOf({ schema, table });
    const list = columns.map(quoted).join(", ");
    for await (const rows of selections(client, { schema, table }, isDistributed)) {
      const copy = copyOut(client, `COPY (SELECT ${list} FROM ${name}${rows}) TO STDOUT (FORMAT binary)`);
      yield { about: { kind: "table", schema, table, columns }, chunks: counted(copy, done) };
    }
    done.tables++;
    progress(`${schema}.${table}`, done.bytes - before);
  }
}

/** Yields a WHERE for each part of a table that is written by itself: one where its rows are here. */
async function* selections(
  client: pg.Client,
  { schema, table }: TableName,
  isDistributed: boolean,
): AsyncGenerator<string> {
  if (isDistributed && schema === "public" && isDistributedTable(table))
    yield* personSelections(client, table);
  else yield "";
}

async function* counted(rows: AsyncIterable<Buffer>, done: Counts): AsyncGenerator<Buffer> {
  for await (const row of rows) {
    done.bytes += row.length;
    yield row;
  }
}

/** Returns the bodies that rows of any table name; a table of what is to be removed names none that counts. */
async function bodyKeys(client: pg.Client, tables: readonly Table[]): Promise<string[]> {
  const naming = tables.filter(
    ({ table, columns }) => columns.includes("body_key") && table !== "body_removals",
  );
  const found = new Set<string>();
  for (const table of naming) {
    const { rows } = await client.query(
      `SELECT DISTINCT body_key FROM ${nameOf(table)} WHERE body_key IS NOT NULL`,
    );
    for (const { body_key: key } of rows) found.add(key);
  }
  return [...found];
}
