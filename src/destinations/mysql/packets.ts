/** Rows cut into statements that the server takes: packets, parameters and rows are limited. */
import type { Row, Rows, Value } from "../sql/tables.ts";

const mostParameters = 65_535;
const mostRows = 1_000;
/** What a statement has besides its values, generously. */
const statementBytes = 1_024;
const valueBytes = 12;

/**
 * JSON that no packet can hold becomes null: what stands beside it says where it can be fetched. Everything
 * else is the server's to refuse.
 */
export function withoutOversize({ table, rows }: Rows, packetBytes: number): Rows {
  const json = table.columns.findIndex(({ type }) => type === "json");
  if (json === -1 || !rows.some((row) => rowBytes(row) > room(packetBytes))) return { table, rows };
  return { table, rows: rows.map((row) => (rowBytes(row) > room(packetBytes) ? row.with(json, null) : row)) };
}

export function* portions({ table, rows }: Rows, packetBytes: number): Generator<Row[]> {
  const most = Math.min(mostRows, Math.floor(mostParameters / table.columns.length));
  let portion: Row[] = [];
  let bytes = 0;
  for (const row of rows) {
    const size = rowBytes(row);
    if (portion.length === most || (portion.length > 0 && bytes + size > room(packetBytes))) {
      yield portion;
      [portion, bytes] = [[], 0];
    }
    portion.push(row);
    bytes += size;
  }
  if (portion.length > 0) yield portion;
}

const room = (packetBytes: number): number => packetBytes - statementBytes;

const rowBytes = (row: Row): number => row.reduce<number>((sum, value) => sum + sizeOf(value), 0);

function sizeOf(value: Value): number {
  const isText = typeof value === "string" || Buffer.isBuffer(value);
  return valueBytes + (isText ? Buffer.byteLength(value) : 0);
}

/** Keys of as many rows as one statement may name. */
export function* keyPortions<Key>(keys: readonly Key[]): Generator<Key[]> {
  for (let from = 0; from < keys.length; from += mostRows) yield keys.slice(from, from + mostRows);
}
