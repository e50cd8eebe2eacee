/**
 * Prepares the rows of many events for one statement: of the rows with one key only the newest, since a statement
 * may change a row once, and in the order of their keys, since two statements that lock the same rows in opposite
 * order would wait for each other.
 */
import { columnIndex, keyReader, type Row, type Rows, type Table } from "./tables.ts";

/** Returns the rows by table, in the order in which the tables first occur. */
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
  /** The index of the column that tells how new a row is; −1 where there is none. */
  readonly #newestBy: number;

  readonly #table: Table;
  readonly #keepsKnown: boolean;

  constructor(table: Table) {
    this.#table = table;
    this.#keepsKnown = table.columns.some(({ keepsKnown }) => keepsKnown);
    this.#keyOf = keyReader(table);
    this.#newestBy = table.newestBy === undefined ? -1 : columnIndex(table, table.newestBy);
  }

  /** Of two rows that are equally new the later one stays, as in the table. */
  add(row: Row): void {
    const key = this.#keyOf(row);
    const before = this.#rows.get(key);
    if (before === undefined) this.#rows.set(key, row);
    else this.#rows.set(key, this.#age(row) >= this.#age(before) ? this.#over(row, before) : before);
  }

  /** Merges as the statement would: a value that the newer row lacks is taken from the older one. */
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
