import { z } from "zod";
import { type DataType, type ModelOf, models } from "./data-type.ts";
import { type Columnar, SampleColumns } from "./sample-columns.ts";

/**
 * Fills in the sections of a model. Terra sends every section with nulls inside rather than leaving it out, and its
 * clients index into them. The shape of a model is read from its schema once; the work per record grows with the number
 * of declared properties and never with the number of samples.
 */
type Shape = Section | "array" | "leaf";

interface Section {
  readonly kind: "section";
  readonly fields: ReadonlyArray<readonly [name: string, shape: Shape]>;
  /** Every declared property in the schema's order, all null. */
  readonly blank: Fields;
  /** The names of the fields that are sample arrays, and of the sections that contain some. */
  readonly sampleArrays: readonly string[];
  readonly sampledSections: ReadonlyArray<readonly [name: string, section: Section]>;
}

type Fields = Record<string, unknown>;

/** Terra's own scores: the section is null as a whole unless given. */
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
  return (
    typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof SampleColumns)
  );
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
 * Returns the whole model: every declared property in the schema's order, absent and null sections filled with nulls,
 * absent and null arrays empty. Given values stay as they are, including undeclared keys.
 */
export function complete<Type extends DataType>(type: Type, partial: ModelOf[Type]): ModelOf[Type];
export function complete<Type extends DataType>(
  type: Type,
  partial: Columnar<ModelOf[Type]>,
): Columnar<ModelOf[Type]>;
export function complete(type: DataType, partial: object): object {
  return fill(shapes[type], partial as Fields);
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

/** Whether a list is to be emptied. Columns are, even without samples: what is left has only plain values. */
function holdsItems(value: unknown): boolean {
  return value instanceof SampleColumns || (Array.isArray(value) && value.length > 0);
}

/**
 * The provider's own data beyond the model. Its shape is the provider's, so only a list's length shows that it is a
 * series.
 */
const providerData = "provider_data";
/** The longest list that is kept as no series. Lists of zones, of a day's hours or of alerts are shorter. */
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
 * Returns the record with every sample array empty, and without lists of more than 100 items within `provider_data`.
 * The given record is not changed, and parts without samples are shared with it. A record without any samples is
 * returned itself.
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
