/** A model's table, sorted once by what the engine does with each field. */
import type { DataType } from "../../models/index.ts";
import type { ItemsField } from "./items.ts";
import { fhirTables } from "./models/index.ts";
import type { ValueField } from "./parts.ts";
import type { SeriesField } from "./series.ts";
import type { StateField } from "./states.ts";
import type { FhirTable, FieldRule, ItemList, ValueRule } from "./table.ts";

export interface Plan {
  readonly table: FhirTable;
  /** Fields with an Observation each. */
  readonly alone: readonly ValueField[];
  /** Fields in the Observation of the whole record. */
  readonly panel: readonly ValueField[];
  /** Fields in the Observation of a group, by the group. */
  readonly groups: ReadonlyMap<string, readonly ValueField[]>;
  readonly items: readonly ItemsField[];
  readonly series: readonly SeriesField[];
  readonly states: readonly StateField[];
}

const fieldsOf = (table: FhirTable): readonly (readonly [path: string, rule: FieldRule])[] =>
  Object.entries(table.fields);
const inList = (path: string): boolean => path.includes("[]");

function listOf(table: FhirTable, path: string): string {
  const list = path.slice(0, path.indexOf("[]"));
  if (!(list in table.lists)) throw new Error(`No rule for the list of ${path}`);
  return list;
}

/** Splits `laps[].distance` into the list and the field within an item. */
function split(table: FhirTable, path: string): { list: string; inside: string } {
  const list = listOf(table, path);
  return { list, inside: path.slice(list.length + "[].".length) };
}

function timeOf(table: FhirTable, list: string): string {
  const rule = table.lists[list];
  return rule?.kind === "samples" ? rule.time : "timestamp";
}

function valueFields(table: FhirTable, isWanted: (path: string, rule: ValueRule) => boolean): ValueField[] {
  return fieldsOf(table).flatMap(([path, rule]) =>
    rule.kind === "value" && isWanted(path, rule)
      ? [{ path, rule, inside: inList(path) ? split(table, path).inside : path }]
      : [],
  );
}

function sampledFields(table: FhirTable): SeriesField[] {
  return fieldsOf(table).flatMap(([path, rule]) => {
    if (rule.kind !== "series") return [];
    const { list, inside } = split(table, path);
    return [{ list, field: inside, time: timeOf(table, list), rule }];
  });
}

function stateFields(table: FhirTable): StateField[] {
  return fieldsOf(table).flatMap(([path, rule]) => {
    if (rule.kind !== "state") return [];
    const { list, inside } = split(table, path);
    return [{ list, field: inside, time: timeOf(table, list), rule }];
  });
}

const isItems = (entry: [string, FhirTable["lists"][string]]): entry is [string, ItemList] =>
  entry[1].kind === "items";

function itemFields(table: FhirTable, series: readonly SeriesField[]): ItemsField[] {
  return Object.entries(table.lists)
    .filter(isItems)
    .map(([list, rule]) => ({
      list,
      rule,
      fields: valueFields(table, (path) => path.startsWith(`${list}[].`)),
      signal: series.find((one) => one.list === list),
    }));
}

function planOf(table: FhirTable): Plan {
  const single = valueFields(table, (path) => !inList(path));
  const grouped = single.filter(({ rule }) => rule.group !== undefined);
  const series = sampledFields(table);
  return {
    table,
    alone: single.filter(({ rule }) => rule.place === "observation"),
    panel: single.filter(({ rule }) => rule.place !== "observation" && rule.group === undefined),
    groups: Map.groupBy(grouped, ({ rule }) => rule.group as string),
    items: itemFields(table, series),
    series: series.filter(({ list }) => table.lists[list]?.kind === "samples"),
    states: stateFields(table),
  };
}

/** The plan of each model. */
export const plans = Object.fromEntries(
  Object.entries(fhirTables).map(([type, table]) => [type, planOf(table)]),
) as Readonly<Record<DataType, Plan>>;
