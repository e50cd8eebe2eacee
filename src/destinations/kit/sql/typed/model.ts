/**
 * Makes tables of the models: a column for each field of a record, a table for its samples, and one for each
 * other list. No field is known by its name, except for the meaning of Terra's naming: a `timestamp` makes samples,
 * `_lat_lng_deg` a position.
 */
import { z } from "zod";
import { timestampSchema } from "../../../../models/index.ts";
import type { Column, Table } from "../tables.ts";
import { Names, withName, withSection } from "./names.ts";
import type { Field, Fields, Part, RecordPlan, ValueType } from "./plan.ts";
import { TableBuilder } from "./table-builder.ts";

type Schema = z.core.$ZodType;

export const recordHead: readonly Column[] = [
  { name: "record_id", type: "uuid" },
  { name: "user_id", type: "key" },
  { name: "natural_key", type: "text" },
  { name: "revision", type: "integer" },
  { name: "event_id", type: "key" },
  { name: "event_time", type: "instant" },
];

/** Columns for fields that the model does not know (their number and names), and for provider data. */
export const recordTail: readonly Column[] = [
  { name: "unmapped_count", type: "integer" },
  { name: "unmapped_fields", type: "text" },
  { name: "provider_data", type: "jsonb" },
];

const recordId: Column = { name: "record_id", type: "uuid" };
const series: Column = { name: "series", type: "key" };
const position: Column = { name: "position", type: "integer" };

export function planRecord(type: string, schema: z.ZodObject): RecordPlan {
  return new Planner(`systole_${type}`).plan(schema);
}

/** A table for data other than records. */
export function planTable(builder: TableBuilder, shape: Readonly<Record<string, Schema>>): Fields {
  return new Planner(builder.table.name).fields(shape, "", builder, []);
}

class Planner {
  readonly #name: string;
  readonly #tableNames: Names;
  readonly #seriesNames = new Names();
  readonly #parts: Table[] = [];
  #samples: TableBuilder | null = null;
  #shares: Table | null = null;

  constructor(name: string) {
    this.#name = name;
    this.#tableNames = new Names([name]);
  }

  plan(schema: z.ZodObject): RecordPlan {
    const hasTimes = "metadata" in schema.shape;
    const builder = new TableBuilder({
      name: this.#name,
      head: recordHead,
      key: ["record_id"],
      newestBy: "revision",
      index: hasTimes ? ["user_id", "start_time_local"] : ["user_id"],
    });
    const fields = this.fields(schema.shape, "", builder, []);
    builder.append(...recordTail);
    return { table: builder.table, fields, parts: this.#parts };
  }

  /** `positions`: the columns that find the row of `builder` among those of its record. */
  fields(
    shape: Readonly<Record<string, Schema>>,
    prefix: string,
    builder: TableBuilder,
    positions: readonly Column[],
  ): Fields {
    const fields = Object.entries(shape).map(([name, schema]): [string, Field] => [
      name,
      this.#field(name, bare(schema), prefix, builder, positions),
    ]);
    return new Map(fields);
  }

  #field(
    name: string,
    schema: Schema,
    prefix: string,
    builder: TableBuilder,
    positions: readonly Column[],
  ): Field {
    const column = withName(prefix, name);
    if (schema instanceof z.ZodObject) {
      return {
        kind: "section",
        fields: this.fields(schema.shape, withSection(prefix, name), builder, positions),
      };
    }
    if (name.endsWith("_lat_lng_deg")) return { kind: "position", column: builder.position(column) };
    if (schema instanceof z.ZodArray)
      return this.#list(name, bare(schema.element), prefix, builder, positions);
    if (schema instanceof z.ZodRecord) return this.#map(column);
    if (schema === timestampSchema) return { kind: "time", column: builder.time(column) };
    const type = valueType(schema);
    return { kind: "value", type, column: builder.value(column, type) };
  }

  #list(
    name: string,
    element: Schema,
    prefix: string,
    builder: TableBuilder,
    positions: readonly Column[],
  ): Field {
    if (!(element instanceof z.ZodObject)) {
      return { kind: "words", column: builder.value(withName(prefix, name), "text") };
    }
    if (positions.length === 0 && isSample(element)) {
      return { kind: "list", part: this.#samplesOf(element), series: this.#seriesName(name, prefix) };
    }
    return { kind: "list", part: this.#partOf(name, element, builder, positions), series: null };
  }

  #samplesOf(element: z.ZodObject): Part {
    const head = [recordId, series, position];
    this.#samples ??= this.#open("samples", head, [], true);
    return { table: this.#samples.table, fields: this.fields(element.shape, "", this.#samples, head) };
  }

  /** The rows of a list inside the elements of another list tell the element that they belong to. */
  #partOf(name: string, element: z.ZodObject, parent: TableBuilder, positions: readonly Column[]): Part {
    const list = parent.table.name.slice(this.#name.length + 1);
    const outer = positions.slice(1, -1);
    const inside = positions.length === 0 ? [] : [...outer, { ...position, name: `${list}_position` }];
    const head = [recordId, ...inside, position];
    const builder = this.#open(inside.length === 0 ? name : `${list}_${name}`, head);
    return { table: builder.table, fields: this.fields(element.shape, "", builder, head) };
  }

  #map(column: string): Field {
    const values: Column[] = [
      { name: "name", type: "text" },
      { name: "value", type: "number" },
    ];
    this.#shares ??= this.#open(
      "contributors",
      [recordId, { ...series, name: "score" }, position],
      values,
    ).table;
    return { kind: "shares", table: this.#shares, series: column };
  }

  #open(
    name: string,
    key: readonly Column[],
    others: readonly Column[] = [],
    sharesColumns = false,
  ): TableBuilder {
    const table = {
      name: this.#tableNames.claim(`${this.#name}_${name.toLowerCase()}`),
      head: [...key, ...others],
      key: key.map((column) => column.name),
      isPart: true as const,
    };
    const builder = new TableBuilder(table, sharesColumns);
    this.#parts.push(builder.table);
    return builder;
  }

  /** `samples` alone is no description: the sections' names tell the kind of samples. */
  #seriesName(name: string, prefix: string): string {
    return this.#seriesNames.claim(name === "samples" ? `${prefix}_samples` : name.toLowerCase());
  }
}

function bare(schema: Schema): Schema {
  return schema instanceof z.ZodOptional || schema instanceof z.ZodNullable ? bare(schema.unwrap()) : schema;
}

/** Whether the fields are measurements at a time, without text. */
function isSample({ shape }: z.ZodObject): boolean {
  const { timestamp, ...values } = shape;
  if (timestamp === undefined) return false;
  return Object.values(values).every((schema) => {
    const inner = bare(schema);
    return inner instanceof z.ZodTuple || (isValue(inner) && valueType(inner) !== "text");
  });
}

const isValue = (schema: Schema): boolean =>
  [z.ZodEnum, z.ZodNumber, z.ZodBoolean, z.ZodString, z.ZodLiteral].some((kind) => schema instanceof kind);

function valueType(schema: Schema): ValueType {
  if (schema instanceof z.ZodBoolean) return "boolean";
  if (schema instanceof z.ZodNumber) return schema.isInt ? "integer" : "number";
  if (schema instanceof z.ZodEnum) {
    return schema.options.every((option) => typeof option === "number") ? "integer" : "text";
  }
  if (schema instanceof z.ZodString || schema instanceof z.ZodLiteral) return "text";
  throw new TypeError(`no column holds a ${schema._zod.def.type}`);
}
