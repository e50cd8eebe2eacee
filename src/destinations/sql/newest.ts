/**
 * One statement for the rows of many events: of the rows with one key only the newest, since a statement may
 * touch a row once, and always in the order of their keys, since two statements that lock the same rows in
 * opposite order would wait for each other.
 */
import { columnIndex, keyOf, type Row, type Rows, type Table } from "./tables.ts";

/** Tables in the order in which they come first. */
export function newestOnly(all: readonly Rows[]): Rows[] {
  const byTable = new Map<Table, Map<string, Row>>();
  for (const { table, rows } of all) {
    const kept = byTable.get(table) ?? new Map<string, Row>();
    byTable.set(table, kept);
    for (const row of rows) keepNewest(table, kept, row);
  }
  return [...byTable].map(([table, kept]) => ({ table, rows: sorted(kept) }));
}

function keepNewest(table: Table, kept: Map<string, Row>, row: Row): void {
  const key = keyOf(table, row);
  const before = kept.get(key);
  if (before === undefined || standsAgainst(table, row, before)) kept.set(key, row);
}

/** What comes later stands against its equal, as it does in the table. */
function standsAgainst(table: Table, row: Row, before: Row): boolean {
  if (table.newestBy === undefined) return true;
  const index = columnIndex(table, table.newestBy);
  return Number(row[index]) >= Number(before[index]);
}

function sorted(kept: Map<string, Row>): Row[] {
  return [...kept].sort(([one], [other]) => (one < other ? -1 : 1)).map(([, row]) => row);
}
