/** A table under construction. */
import type { Column, ColumnType, Table } from "../tables.ts";
import { Names } from "./names.ts";
import type { ValueType } from "./plan.ts";

const timeEndings = ["", "_local", "_utc_offset_seconds"];
const positionEndings = ["_lat_deg", "_lng_deg"];

export class TableBuilder {
  readonly table: Table;
  readonly #columns: Column[];
  readonly #names: Names;
  /** Samples of several series share a column where it has the same name. */
  readonly #shared: Map<string, number> | null;

  constructor(table: Omit<Table, "columns"> & { readonly head: readonly Column[] }, sharesColumns = false) {
    const { head, ...rest } = table;
    this.#columns = [...head];
    this.#names = new Names(head.map(({ name }) => name));
    this.table = { ...rest, columns: this.#columns };
    this.#shared = sharesColumns ? new Map() : null;
  }

  value(name: string, type: ValueType): number {
    const shared = this.#shared?.get(name);
    if (shared !== undefined) return this.#widen(shared, type);
    return this.#add(name, [""], [type]);
  }

  time(name: string): number {
    return this.#shared?.get(name) ?? this.#add(name, timeEndings, ["instant", "local", "integer"]);
  }

  position(name: string): number {
    const base = name.replace(/_lat_lng_deg$/, "");
    return this.#shared?.get(name) ?? this.#add(base, positionEndings, ["number", "number"], name);
  }

  #add(
    wanted: string,
    endings: readonly string[],
    types: readonly ColumnType[],
    sharedAs: string = wanted,
  ): number {
    const index = this.#columns.length;
    const base = this.#names.claim(wanted, endings);
    endings.forEach((ending, at) => {
      this.#columns.push({ name: `${base}${ending}`, type: types[at] as ColumnType });
    });
    this.#shared?.set(sharedAs, index);
    return index;
  }

  /** A level that is counted in one series and measured in another is a number in both. */
  #widen(index: number, type: ValueType): number {
    const column = this.#columns[index] as Column;
    if (column.type === "integer" && type === "number") this.#columns[index] = { ...column, type };
    return index;
  }

  /** Columns that come after those of the model. */
  append(...columns: readonly Column[]): number {
    this.#columns.push(...columns);
    return this.#columns.length - columns.length;
  }
}
