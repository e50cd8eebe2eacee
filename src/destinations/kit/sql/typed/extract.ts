/**
 * Turns a record's JSON into rows. A field without a column, or that does not fit into its column, is noted by its
 * name.
 */
import type { Row, Rows, Table, Value } from "../tables.ts";
import type { Field, Fields, Part, ValueType } from "./plan.ts";
import { timeColumns } from "./times.ts";

type Fitting<Kind extends Field["kind"]> = Extract<Field, { kind: Kind }>;
type Cells = Value[];

/** The path of a field, outermost name last. */
interface Place {
  readonly inside: Place | null;
  readonly name: string;
}

export class Extraction {
  readonly #recordId: string;
  readonly #parts = new Map<Table, Row[]>();
  readonly #unmapped = new Set<string>();

  constructor(recordId: string) {
    this.#recordId = recordId;
  }

  /** Rows of other tables that belong to the record. */
  get parts(): Rows[] {
    return [...this.#parts].map(([table, rows]) => ({ table, rows }));
  }

  /** Names of fields as `heart_rate_data.detailed.hr_samples[].colour`. */
  get unmapped(): string[] {
    return [...this.#unmapped].sort();
  }

  /** Puts the object's fields into the row's cells, and into other tables. */
  fill(
    fields: Fields,
    given: object,
    cells: Cells,
    place: Place | null = null,
    keys: readonly Value[] = [],
  ): void {
    for (const [name, value] of Object.entries(given)) {
      if (value === null) continue;
      const field = fields.get(name);
      const here = { inside: place, name };
      if (field === undefined || !this.#put(field, value, cells, here, keys)) this.#note(here);
    }
  }

  /** Returns false when the value is not of its column's type. */
  #put(field: Field, value: unknown, cells: Cells, place: Place, keys: readonly Value[]): boolean {
    switch (field.kind) {
      case "section":
        return this.#section(field, value, cells, place, keys);
      case "value":
        return putValue(field, value, cells);
      case "time":
        return putTime(field, value, cells);
      case "position":
        return putPosition(field, value, cells);
      case "words":
        return putWords(field, value, cells);
      case "list":
        return this.#list(field, value, place, keys);
      case "shares":
        return this.#shares(field, value, place);
    }
  }

  #section(
    { fields }: Fitting<"section">,
    value: unknown,
    cells: Cells,
    place: Place,
    keys: readonly Value[],
  ): boolean {
    if (!isObject(value)) return false;
    this.fill(fields, value, cells, place, keys);
    return true;
  }

  #list({ part, series }: Fitting<"list">, value: unknown, place: Place, keys: readonly Value[]): boolean {
    if (!Array.isArray(value)) return false;
    const above = series === null ? keys : [series];
    const elements = { inside: place.inside, name: `${place.name}[]` };
    value.forEach((element, position) => {
      if (isObject(element)) this.#element(part, element, [...above, position], elements);
      else if (element !== null) this.#note(elements);
    });
    return true;
  }

  /** `keys` identify the row among those of its record. */
  #element({ table, fields }: Part, element: object, keys: readonly Value[], place: Place): void {
    const cells = blank(table);
    [this.#recordId, ...keys].forEach((key, index) => {
      cells[index] = key;
    });
    this.fill(fields, element, cells, place, keys);
    this.#rowsOf(table).push(cells);
  }

  #shares({ table, series }: Fitting<"shares">, value: unknown, place: Place): boolean {
    if (!isObject(value)) return false;
    Object.entries(value).forEach(([name, share], position) => {
      if (isNumber(share)) this.#rowsOf(table).push([this.#recordId, series, position, name, share]);
      else if (share !== null) this.#note({ inside: place, name });
    });
    return true;
  }

  #rowsOf(table: Table): Row[] {
    const rows = this.#parts.get(table) ?? [];
    this.#parts.set(table, rows);
    return rows;
  }

  #note(place: Place): void {
    const names: string[] = [];
    for (let at: Place | null = place; at !== null; at = at.inside) names.unshift(at.name);
    this.#unmapped.add(names.join("."));
  }
}

export const blank = ({ columns }: Table): Cells => new Array<Value>(columns.length).fill(null);

function putValue({ type, column }: Fitting<"value">, value: unknown, cells: Cells): boolean {
  if (!fits[type](value)) return false;
  cells[column] = value as Value;
  return true;
}

const fits: Record<ValueType, (value: unknown) => boolean> = {
  text: (value) => typeof value === "string",
  // Larger numbers have lost digits in JSON.parse.
  integer: (value) => Number.isSafeInteger(value),
  number: isNumber,
  boolean: (value) => typeof value === "boolean",
};

function putTime({ column }: Fitting<"time">, value: unknown, cells: Cells): boolean {
  const columns = typeof value === "string" ? timeColumns(value) : null;
  columns?.forEach((one, index) => {
    cells[column + index] = one;
  });
  return columns !== null;
}

function putPosition({ column }: Fitting<"position">, value: unknown, cells: Cells): boolean {
  if (!Array.isArray(value) || ![0, 2].includes(value.length)) return false;
  if (!value.every((degrees) => degrees === null || isNumber(degrees))) return false;
  value.forEach((degrees, index) => {
    cells[column + index] = degrees;
  });
  return true;
}

function putWords({ column }: Fitting<"words">, value: unknown, cells: Cells): boolean {
  if (!Array.isArray(value) || !value.every((word) => typeof word === "string")) return false;
  if (value.length > 0) cells[column] = value.join(",");
  return true;
}

/** JSON has numbers that a double cannot hold: `1e999` is read as infinity. */
function isNumber(value: unknown): value is number {
  return Number.isFinite(value);
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
