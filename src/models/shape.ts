import { z } from "zod";
import { type DataType, type ModelOf, models } from "./data-type.ts";

/**
 * Terra sends every section of a model with nulls inside rather than leaving it out, and its clients index
 * into them. What a model looks like is read from its schema once; the work per record grows with the number
 * of declared properties and never with the number of samples.
 */
type Shape = Section | "array" | "leaf";

interface Section {
  readonly kind: "section";
  readonly fields: ReadonlyArray<readonly [name: string, shape: Shape]>;
  /** Every declared property in the schema's order, all null. */
  readonly blank: Fields;
  /** Names of the fields that are sample arrays, and of the sections that hold some further down. */
  readonly sampleArrays: readonly string[];
  readonly sampledSections: ReadonlyArray<readonly [name: string, section: Section]>;
}

type Fields = Record<string, unknown>;

/** Scores that nobody computed are null as a whole. */
const nullUnlessGiven = "data_enrichment";

function isSampleArray(name: string): boolean {
  return name.includes("samples") || name === "ecg_signal";
}

function bare(schema: unknown): unknown {
  return schema instanceof z.ZodOptional || schema instanceof z.ZodNullable ? bare(schema.unwrap()) : schema;
}

function shapeOf(schema: unknown): Shape {
  const inner = bare(schema);
  if (inner instanceof z.ZodArray) return "array";
  return inner instanceof z.ZodObject ? sectionOf(inner) : "leaf";
}

function sectionOf(schema: z.ZodObject): Section {
  const fields = Object.entries(schema.shape).map(([name, child]) => [name, shapeOf(child)] as const);
  const sections = fields.filter(
    (field): field is readonly [string, Section] => typeof field[1] === "object",
  );
  return {
    kind: "section",
    fields,
    blank: Object.fromEntries(fields.map(([name]) => [name, null])),
    sampleArrays: fields
      .filter(([name, shape]) => shape === "array" && isSampleArray(name))
      .map(([name]) => name),
    sampledSections: sections.filter(([, { sampleArrays, sampledSections }]) =>
      Boolean(sampleArrays.length + sampledSections.length),
    ),
  };
}

const shapes = Object.fromEntries(
  Object.entries(models).map(([type, schema]) => [type, sectionOf(schema)]),
) as Record<DataType, Section>;

function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function fill(section: Section, given: Fields): Fields {
  const whole = { ...section.blank, ...given };
  for (const [name, shape] of section.fields) whole[name] = fillField(name, shape, whole[name]);
  return whole;
}

function fillField(name: string, shape: Shape, given: unknown): unknown {
  const missing = given === undefined || given === null;
  if (shape === "array") return missing ? [] : given;
  if (shape === "leaf" || (missing && name === nullUnlessGiven)) return given ?? null;
  return missing ? fill(shape, {}) : isFields(given) ? fill(shape, given) : given;
}

/**
 * The whole model: every declared property present in the schema's order, absent and null sections filled
 * with nulls, absent and null arrays empty. Values that were given stay as they are, undeclared keys too.
 */
export function complete<Type extends DataType>(type: Type, partial: ModelOf[Type]): ModelOf[Type] {
  return fill(shapes[type], partial as Fields) as ModelOf[Type];
}

function empty(section: Section, given: Fields): Fields {
  const changes: Fields = {};
  for (const name of section.sampleArrays) if (holdsItems(given[name])) changes[name] = [];
  for (const [name, child] of section.sampledSections) {
    const before = given[name];
    if (!isFields(before)) continue;
    const after = empty(child, before);
    if (after !== before) changes[name] = after;
  }
  return Object.keys(changes).length > 0 ? { ...given, ...changes } : given;
}

function holdsItems(value: unknown): boolean {
  return Array.isArray(value) && value.length > 0;
}

/** What a provider said beyond the model, in the provider's own shape: only its length tells a series. */
const providerData = "provider_data";
/** A zone, an hour of a day, an alert: no list of those is longer. */
const longestList = 100;

function withoutLongLists(value: unknown): unknown {
  if (Array.isArray(value)) {
    if (value.length > longestList) return [];
    const items = value.map(withoutLongLists);
    return items.some((item, index) => item !== value[index]) ? items : value;
  }
  if (!isFields(value)) return value;
  const changes = Object.entries(value)
    .map(([name, child]) => [name, withoutLongLists(child)] as const)
    .filter(([name, child]) => child !== value[name]);
  return changes.length > 0 ? { ...value, ...Object.fromEntries(changes) } : value;
}

/**
 * The same record with every sample array empty, and every list of more than 100 items within `provider_data`.
 * The record given is not changed, and the parts that hold no samples are shared with it; without any samples
 * it is returned itself.
 */
export function withoutSamples<Type extends DataType>(type: Type, record: ModelOf[Type]): ModelOf[Type] {
  const emptied = empty(shapes[type], record as Fields);
  const before = emptied[providerData];
  const after = withoutLongLists(before);
  return (after === before ? emptied : { ...emptied, [providerData]: after }) as ModelOf[Type];
}

export function hasSamples<Type extends DataType>(type: Type, record: ModelOf[Type]): boolean {
  return withoutSamples(type, record) !== record;
}
