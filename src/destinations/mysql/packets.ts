/** Splits rows into statements that the server takes: packets, parameters and rows are limited. */
import type { Row, Rows, Table, Value } from "../kit/sql/tables.ts";

const mostParameters = 65_535;
const mostRows = 1_000;
/** An upper bound for the size of a statement without its values. */
const statementBytes = 1_024;
const valueBytes = 12;

/**
 * JSON that no packet can hold becomes null: the column beside it has the address at which it can be fetched. Any
 * other row that is too large is left for the server to refuse.
 */
export function* portions({ table, rows }: Rows, packetBytes: number): Generator<Row[]> {
  const most = Math.min(mostRows, Math.floor(mostParameters / table.columns.length));
  const room = packetBytes - statementBytes;
  let portion: Row[] = [];
  let bytes = 0;
  for (const given of rows) {
    const [row, size] = fitting(table, given, room);
    if (portion.length === most || (portion.length > 0 && bytes + size > room)) {
      yield portion;
      [portion, bytes] = [[], 0];
    }
    portion.push(row);
    bytes += size;
  }
  if (portion.length > 0) yield portion;
}

function fitting(table: Table, row: Row, room: number): [row: Row, size: number] {
  const size = rowBytes(row);
  const json = size > room ? table.columns.findIndex(({ type }) => type === "json") : -1;
  if (json === -1) return [row, size];
  const without = row.with(json, null);
  return [without, rowBytes(without)];
}

const rowBytes = (row: Row): number => row.reduce<number>((sum, value) => sum + sizeOf(value), 0);

function sizeOf(value: Value): number {
  const isText = typeof value === "string" || Buffer.isBuffer(value);
  return valueBytes + (isText ? Buffer.byteLength(value) : 0);
}

/** Keys of as many rows as one statement may name. */
export function* keyPortions<Key>(keys: readonly Key[]): Generator<Key[]> {
  for (let from = 0; from < keys.length; from += mostRows) yield keys.slice(from, from + mostRows);
}
