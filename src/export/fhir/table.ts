/**
 * The words in which a model's table is declared: which field becomes which code in which unit. The engine in build.ts
 * reads the tables, and so do the README's tables and the code system.
 */
import type { LoincCode } from "./loinc.ts";
import type { OwnCode, ValueCodes } from "./own-codes.ts";
import type { Unit } from "./units.ts";

export type CodeSource = "loinc" | "own" | "physical-activity" | "ieee-11073";
/** One concept, in one or more code systems. */
export type Code = readonly { readonly source: CodeSource; readonly code: string }[];

export const loinc = (...codes: readonly LoincCode[]): Code =>
  codes.map((code) => ({ source: "loinc", code }));
export const own = (code: OwnCode): Code => [{ source: "own", code }];

/** Of a day, a night or a workout: how one number was made out of many. HL7's code system `observation-statistics`. */
export type Statistic = "average" | "maximum" | "minimum";

export type Category = "vital-signs" | "activity" | "laboratory" | "social-history" | "procedure" | "exam";

export interface UnitIn {
  readonly field: string;
  readonly units: ReadonlyMap<unknown, Unit>;
}

/** How a field's value is written. */
export type Form =
  | {
      readonly type: "quantity";
      readonly unit: Unit;
      /** A field of the same item that says the value's unit, where that is one of these; otherwise it is `unit`. */
      readonly unitIn?: UnitIn;
      /** What the value is divided by to be in the unit. */
      readonly divisor?: number;
      /** Whether it may be below zero. A negative duration is an error of the provider, a negative height is not. */
      readonly signed?: boolean;
    }
  | { readonly type: "coded"; readonly codes: ValueCodes }
  | { readonly type: "text" | "boolean" | "time" | "date" | "position" };

/**
 * Where a value stands. `observation`: in one of its own. `value`, `component`, `note` and `interpretation`: in the
 * Observation of the list's item, or of the whole record.
 */
export type Place = "observation" | "value" | "component" | "note" | "interpretation";

export interface ValueRule {
  readonly kind: "value";
  readonly place: Place;
  readonly code: Code;
  readonly form: Form;
  readonly statistic?: Statistic;
  readonly category?: Category;
  /** The group of the table, in whose Observation the value is a component. */
  readonly group?: string;
}

/** The values of a list of samples, as SampledData. */
export interface SeriesRule {
  readonly kind: "series";
  readonly code: Code;
  readonly unit: Unit;
  readonly signed?: boolean;
  /** Two for a latitude and a longitude. */
  readonly dimensions?: 1 | 2;
  /** SampledData's factor: the unit's share in one of the record's units. */
  readonly factor?: number;
  readonly category?: Category;
  /** Another field of the sample, whose value chooses another code. */
  readonly unless?: { readonly field: string; readonly is: unknown; readonly code: Code };
}

/** A state that begins at each sample and ends at the next other one: an Observation for each, with its period. */
export interface StateRule {
  readonly kind: "state";
  readonly code: Code;
  readonly codes: ValueCodes;
}

/** The field is in another element of the resources. */
export interface UsedRule {
  readonly kind: "used";
  readonly where: string;
  readonly exact: boolean;
}

export interface OmittedRule {
  readonly kind: "omitted";
  readonly why: string;
}

export type FieldRule = ValueRule | SeriesRule | StateRule | UsedRule | OmittedRule;

/** A list of samples with a time each. */
export interface SampleList {
  readonly kind: "samples";
  readonly time: string;
}

/** A list of things that are one Observation each, or, without a code, one for each field. */
export interface ItemList {
  readonly kind: "items";
  readonly code?: Code;
  readonly category?: Category;
  /** The fields with the item's time; the record's own where there is none. */
  readonly start?: string;
  readonly end?: string;
  /** The field with the item's id; its time, or its place in the list, where there is none. */
  readonly id?: string;
  /** Components that the code's profile requires: without a value they say that it is not known. */
  readonly required?: readonly Code[];
}

/** Fields of the record that are one Observation together. */
export interface Group {
  readonly code: Code;
  readonly statistic?: Statistic;
  readonly required?: readonly Code[];
}

export interface FhirTable {
  readonly category: Category;
  /** A vital sign of the whole record has one time: a day's is the date, a night's or a workout's is the start. */
  readonly momentOf: "day" | "start";
  /** The Observation of the whole record; the others are its members. */
  readonly panel?: { readonly code: Code; readonly category?: Category };
  /** Parts of a record that say their own time: the fields with the start and the end, after the part's path. */
  readonly periods?: Readonly<Record<string, { readonly start: string; readonly end: string }>>;
  readonly groups?: Readonly<Record<string, Group>>;
  readonly lists: Readonly<Record<string, SampleList | ItemList>>;
  /** By the field's path; the items of a list are `[]`. */
  readonly fields: Readonly<Record<string, FieldRule>>;
}

type Options = Pick<ValueRule, "statistic" | "category" | "group"> & { readonly place?: Place };
type QuantityOptions = Options & {
  readonly divisor?: number;
  readonly signed?: boolean;
  readonly unitIn?: UnitIn;
};

const valueRule = (
  code: Code,
  form: Form,
  { place = "observation", statistic, category, group }: Options,
): ValueRule => ({
  kind: "value",
  place,
  code,
  form,
  ...(statistic && { statistic }),
  ...(category && { category }),
  ...(group && { group }),
});

export function quantity(code: Code, unit: Unit, options: QuantityOptions = {}): ValueRule {
  const { divisor, signed, unitIn } = options;
  const form = {
    type: "quantity",
    unit,
    ...(divisor && { divisor }),
    ...(signed && { signed }),
    ...(unitIn && { unitIn }),
  } as const;
  return valueRule(code, form, options);
}

/** Seconds in the record, minutes in FHIR: what LOINC's codes and HL7's guides expect. */
export const minutes = (code: Code, options: Options = {}): ValueRule =>
  quantity(code, "min", { divisor: 60, ...options });

export const coded = (code: Code, codes: ValueCodes, options: Options = {}): ValueRule =>
  valueRule(code, { type: "coded", codes }, options);
export const text = (code: Code, options: Options = {}): ValueRule =>
  valueRule(code, { type: "text" }, options);
export const flag = (code: Code, options: Options = {}): ValueRule =>
  valueRule(code, { type: "boolean" }, options);
export const time = (code: Code, options: Options = {}): ValueRule =>
  valueRule(code, { type: "time" }, options);
export const date = (code: Code, options: Options = {}): ValueRule =>
  valueRule(code, { type: "date" }, options);
/** A latitude and a longitude, as two components. */
export const position = (code: Code): ValueRule => valueRule(code, { type: "position" }, {});

export const series = (
  code: Code,
  unit: Unit,
  options: Omit<SeriesRule, "kind" | "code" | "unit"> = {},
): SeriesRule => ({
  kind: "series",
  code,
  unit,
  ...options,
});
export const state = (code: Code, codes: ValueCodes): StateRule => ({ kind: "state", code, codes });
export const used = (where: string, exact = true): UsedRule => ({ kind: "used", where, exact });
export const omitted = (why: string): OmittedRule => ({ kind: "omitted", why });

/** Puts a prefix before each path. */
export function under<Rule>(prefix: string, rules: Readonly<Record<string, Rule>>): Record<string, Rule> {
  return Object.fromEntries(Object.entries(rules).map(([path, rule]) => [`${prefix}.${path}`, rule]));
}

export const samples: SampleList = { kind: "samples", time: "timestamp" };
/** The rule of the time of a sample. */
export const sampleTime = used("effective[x], SampledData.period and the place in SampledData.data");
