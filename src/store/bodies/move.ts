/**
 * Moves the bodies that rows hold into the body store, a step at a time, while the server works. A body is stored first;
 * then its row gets the key, unless it changed meanwhile. What is moved stays so: it may end at any moment and begin anew.
 */
import { type RawBuilder, sql } from "kysely";
import { SystoleError } from "../../errors.ts";
import type { Store } from "../store.ts";
import type { DatabaseTransaction } from "../tables.ts";
import type { OutsideBodies } from "./outside.ts";
import { type BodyTable, bodyIsNamed, bodyTables, releaseBodies } from "./removals.ts";

/** Where a step begins: after a row of a table, in the order of its key. */
export interface MoveCursor {
  readonly table: BodyTable;
  readonly after: readonly string[] | null;
}

export interface MoveStep {
  readonly moved: number;
  /** The bytes that left the database. */
  readonly bytes: number;
  readonly next: MoveCursor | null;
}

interface TableShape {
  /** The columns of the primary key, with their types. */
  readonly key: readonly (readonly [column: string, type: "uuid" | "text"])[];
  readonly body: string;
  /** The column with the hash of the content, if there is one. */
  readonly hash: string | null;
  /** The column that tells whether the row has another body since. */
  readonly version: string | null;
  /** What the row is given besides the key. */
  readonly more: string;
}

const shapes: Readonly<Record<BodyTable, TableShape>> = {
  raw_payloads: {
    key: [
      ["environment_id", "uuid"],
      ["raw_payload_id", "uuid"],
    ],
    body: "body",
    hash: "sha256",
    version: null,
    more: ", outside_bytes = body_bytes, body_bytes = NULL",
  },
  records: {
    key: [
      ["environment_id", "uuid"],
      ["user_id", "uuid"],
      ["type", "text"],
      ["natural_key", "text"],
    ],
    body: "detailed",
    hash: "content_hash",
    version: "revision",
    more: "",
  },
  events: {
    key: [
      ["environment_id", "uuid"],
      ["event_id", "uuid"],
    ],
    body: "body",
    hash: null,
    version: null,
    more: "",
  },
};

/** What is left in the rows. */
export interface Unmoved {
  readonly bodies: number;
  readonly bytes: number;
}

/** Counts the bodies that a move would take. It reads all rows, but not their bodies. */
export async function countUnmoved({ db, outside }: Pick<Store, "db" | "outside">): Promise<Unmoved> {
  const { smallest } = required(outside);
  const total = { bodies: 0, bytes: 0 };
  for (const table of bodyTables) {
    const length = sql`octet_length(${sql.ref(shapes[table].body)})`;
    const { rows } = await sql<Unmoved>`
      SELECT count(*)::float8 AS bodies, coalesce(sum(${length}), 0)::float8 AS bytes FROM ${sql.table(table)}
      WHERE ${length} >= ${smallest} AND user_id IS NOT NULL`.execute(db);
    total.bodies += rows[0]?.bodies ?? 0;
    total.bytes += rows[0]?.bytes ?? 0;
  }
  return total;
}

/** Rows whose lengths are looked at in one step. */
const mostScanned = 500;
/** The bytes after which a step ends, so that each ends soon. */
const mostBytes = 32 * 1024 * 1024;

/**
 * @throws SystoleError BODY_STORE_NOT_SET, BODY_STORE_UNAVAILABLE; what was moved before stays moved
 */
export async function moveStep(
  store: Pick<Store, "db" | "outside">,
  from: MoveCursor = { table: bodyTables[0], after: null },
): Promise<MoveStep> {
  const outside = required(store.outside);
  const scanned = await scan(store.db, from);
  let [moved, bytes] = [0, 0];
  let last = from.after;
  let isCut = false;
  for (const row of scanned) {
    if (bytes >= mostBytes) {
      isCut = true;
      break;
    }
    last = row.key;
    const { key, user_id: userId } = row;
    if (userId === null || row.bytes < outside.smallest) continue;
    if (await moveOne({ ...store, outside }, from.table, { key, userId })) {
      moved++;
      bytes += row.bytes;
    }
  }
  const isMore = isCut || scanned.length === mostScanned;
  return { moved, bytes, next: isMore ? { table: from.table, after: last } : afterTable(from.table) };
}

function required(outside: OutsideBodies | undefined): OutsideBodies {
  if (outside === undefined) throw new SystoleError("BODY_STORE_NOT_SET");
  return outside;
}

function afterTable(table: BodyTable): MoveCursor | null {
  const next = bodyTables[bodyTables.indexOf(table) + 1];
  return next === undefined ? null : { table: next, after: null };
}

interface Scanned {
  readonly key: readonly string[];
  readonly user_id: string | null;
  /** 0 for a body that is outside. */
  readonly bytes: number;
}

async function scan(db: Store["db"], { table, after }: MoveCursor): Promise<Scanned[]> {
  const { key, body } = shapes[table];
  const columns = sql.join(key.map(([column]) => sql.ref(column)));
  const isAfter = after === null ? sql`true` : sql`(${columns}) > (${sql.join(valuesOf(table, after))})`;
  const { rows } = await sql<Scanned>`
    SELECT ARRAY[${sql.join(key.map(([column]) => sql`${sql.ref(column)}::text`))}] AS key, user_id,
      coalesce(octet_length(${sql.ref(body)}), 0) AS bytes
    FROM ${sql.table(table)} WHERE ${isAfter} ORDER BY ${columns} LIMIT ${mostScanned}`.execute(db);
  return rows;
}

const valuesOf = (table: BodyTable, key: readonly string[]): RawBuilder<unknown>[] =>
  shapes[table].key.map(([, type], index) => sql`${key[index]}::${sql.raw(type)}`);

const isRow = (table: BodyTable, key: readonly string[]): RawBuilder<boolean> =>
  sql`(${sql.join(shapes[table].key.map(([column]) => sql.ref(column)))}) = (${sql.join(valuesOf(table, key))})`;

interface Held {
  readonly environment_id: string;
  readonly packed: Buffer;
  readonly sha256: Buffer | null;
  readonly version: number | null;
}

/** Returns whether the body was moved: its row may be gone, or have another body, when it is stored. */
async function moveOne(
  { db, outside }: { readonly db: Store["db"]; readonly outside: OutsideBodies },
  table: BodyTable,
  { key, userId }: { readonly key: readonly string[]; readonly userId: string },
): Promise<boolean> {
  const { body, hash, version, more } = shapes[table];
  const { rows } = await sql<Held>`
    SELECT environment_id, ${sql.ref(body)} AS packed,
      ${hash === null ? sql`NULL::bytea` : sql.ref(hash)} AS sha256,
      ${version === null ? sql`NULL::integer` : sql.ref(version)} AS version
    FROM ${sql.table(table)} WHERE ${isRow(table, key)} AND user_id = ${userId} AND ${sql.ref(body)} IS NOT NULL`.execute(
    db,
  );
  const [held] = rows;
  if (held === undefined) return false;
  const { environment_id: environmentId, packed, sha256 } = held;
  const owner = { environmentId, userId, ...(sha256 && { sha256 }) };
  const bodyKey = await outside.put(owner, packed);
  const isSame = version === null ? sql`true` : sql`${sql.ref(version)} = ${held.version}`;
  return db.transaction().execute(async (tx: DatabaseTransaction) => {
    const { numAffectedRows = 0n } = await sql`
      UPDATE ${sql.table(table)} SET ${sql.ref(body)} = NULL, body_key = ${bodyKey}${sql.raw(more)}
      WHERE ${isRow(table, key)} AND ${sql.ref(body)} IS NOT NULL AND user_id = ${userId}
        AND ${isSame}`.execute(tx);
    if (numAffectedRows > 0n) await bodyIsNamed(tx, { environmentId, key: bodyKey });
    else await releaseBodies(tx, environmentId, [bodyKey]);
    return numAffectedRows > 0n;
  });
}
