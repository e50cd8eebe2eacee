/**
 * One statement for the rows of many events: of the rows with one key only the newest, since a statement may
 * touch a row once, and always in the order of their keys, since two statements that lock the same rows in
 * opposite order would wait for each other.
 */
import { columnIndex, keyReader, type Row, type Rows, type Table } from "./tables.ts";

/** Tables in the order in which they come first. */
export function newestOnly(all: readonly Rows[]): Rows[] {
  const byTable = new Map<Table, Kept>();
  for (const { table, rows } of all) {
    const kept = byTable.get(table) ?? new Kept(table);
    byTable.set(table, kept);
    for (const row of rows) kept.add(row);
  }
  return [...byTable].map(([table, kept]) => ({ table, rows: kept.inOrder() }));
}

class Kept {
  readonly #rows = new Map<string, Row>();
  readonly #keyOf: (row: Row) => string;
  /** Where it is written how new a row is; −1 where nothing says so. */
  readonly #newestBy: number;

  readonly #table: Table;
  readonly #keepsKnown: boolean;

  constructor(table: Table) {
    this.#table = table;
    this.#keepsKnown = table.columns.some(({ keepsKnown }) => keepsKnown);
    this.#keyOf = keyReader(table);
    this.#newestBy = table.newestBy === undefined ? -1 : columnIndex(table, table.newestBy);
  }

  /** What comes later stands against its equal, as it does in the table. */
  add(row: Row): void {
    const key = this.#keyOf(row);
    const before = this.#rows.get(key);
    if (before === undefined) this.#rows.set(key, row);
    else this.#rows.set(key, this.#age(row) >= this.#age(before) ? this.#over(row, before) : before);
  }

  /** As the statement would have it: what the newer row does not know is what the older one knew. */
  #over(newer: Row, older: Row): Row {
    if (!this.#keepsKnown) return newer;
    return newer.map((value, index) => {
      const keeps = value === null && this.#table.columns[index]?.keepsKnown;
      return keeps ? (older[index] ?? null) : value;
    });
  }

  #age(row: Row): number {
    return this.#newestBy === -1 ? 0 : Number(row[this.#newestBy]);
  }

  inOrder(): Row[] {
    return [...this.#rows].sort(([one], [other]) => (one < other ? -1 : 1)).map(([, row]) => row);
  }
}
