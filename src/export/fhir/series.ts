/** A list of samples as Observations with SampledData, and with single values where there is no interval. */
import { concept } from "./codes.ts";
import { type Context, type Fields, isAbsent, listAt } from "./context.ts";
import { vitalSignProfile } from "./loinc.ts";
import { type Identified, observation, type Parts } from "./observation.ts";
import { cutIntoRuns, type Run, type Sample } from "./runs.ts";
import { type Code, own, type SeriesRule } from "./table.ts";
import type { FhirTime } from "./time.ts";
import type { Component, SampledData, Value } from "./types.ts";
import { isPosition, numberReason, quantityOf, reasons, rounded } from "./value.ts";

export interface SeriesField {
  /** The list, without `[]`. */
  readonly list: string;
  /** The field in a sample. */
  readonly field: string;
  readonly time: string;
  readonly rule: SeriesRule;
}

/** FHIR's texts end at a million characters. The longest number has 24, and a space follows it. */
const numbersInOne = 40_000;

/** Returns the Observations of a series: those with an offset and those without are apart, as are different codes. */
export function seriesObservations(context: Context, data: unknown, series: SeriesField): Identified[] {
  const groups: { code: Code; hasOffset: boolean; samples: Sample[] }[] = [];
  for (const item of listAt(data, series.list)) {
    const sample = sampleOf(context, item, series);
    if (sample === null) continue;
    const code = codeOf(item, series.rule);
    const { hasOffset } = sample.time;
    const group = groups.find((one) => one.code === code && one.hasOffset === hasOffset);
    if (group === undefined) groups.push({ code, hasOffset, samples: [sample] });
    else group.samples.push(sample);
  }
  return groups.flatMap(({ code, samples }) =>
    ofOneCode(context, series, code, inOrder(context, samples, series)),
  );
}

/** The sampled signal of an item, which is the value of the item's own Observation; null where it has no interval. */
export function signalOf(context: Context, item: Fields, series: SeriesField): SampledData | null {
  const samples = listAt(item, series.field.split("[].")[0] as string);
  const [list, field] = series.field.split("[].") as [string, string];
  const inItem: SeriesField = { ...series, list: `${series.list}[].${list}`, field };
  const all = samples.map((sample) => sampleOf(context, sample, inItem)).filter((sample) => sample !== null);
  if (all.length === 0) return null;
  const { runs, single } = cutIntoRuns(inOrder(context, all, inItem));
  const [run] = runs;
  const isOne = run !== undefined && runs.length === 1 && single.length === 0;
  if (isOne && splitLong(run, numbersInOne).length === 1) return sampledData(run, series.rule);
  context.leaveOut(`${inItem.list}[].${field}`, "has no one interval, or too many values");
  return null;
}

function codeOf(item: Fields, { code, unless }: SeriesRule): Code {
  return unless !== undefined && item[unless.field] === unless.is ? unless.code : code;
}

function sampleOf(context: Context, item: Fields, series: SeriesField): Sample | null {
  const given = item[series.field];
  if (isAbsent(given)) return null;
  const time = context.readTime(item[series.time]);
  const reason = time === null ? reasons.noTime : reasonAgainst(given, series.rule);
  if (time === null || reason !== null) {
    if (!isEmptyPosition(given)) context.leaveOut(`${series.list}[].${series.field}`, reason as string);
    return null;
  }
  if (typeof given === "number") return { time, values: [given], text: String(given) };
  const values = given as readonly number[];
  return { time, values, text: values.join(" ") };
}

function reasonAgainst(given: unknown, { dimensions, signed }: SeriesRule): string | null {
  if (dimensions === 2) return isPosition(given) ? null : reasons.notACoordinate;
  return numberReason(given, signed === true);
}

/** Without a signal a device writes no position: nulls, which are no value. */
const isEmptyPosition = (given: unknown): boolean => Array.isArray(given) && given.every(isAbsent);

/** Sorts by time. Of two values at one time the first stays. */
function inOrder(context: Context, samples: readonly Sample[], { list, field }: SeriesField): Sample[] {
  const isSorted = samples.every(
    ({ time }, index) => index === 0 || time.ms > (samples[index - 1] as Sample).time.ms,
  );
  if (isSorted) return [...samples];
  const sorted = samples.toSorted((one, other) => one.time.ms - other.time.ms);
  return sorted.filter((sample, index) => {
    const before = sorted[index - 1];
    if (before === undefined || before.time.ms !== sample.time.ms) return true;
    if (before.text !== sample.text) context.leaveOut(`${list}[].${field}`, reasons.sameTime);
    return false;
  });
}

/** The time as part of a name: it is the same however the offset is written. */
export const timeName = ({ ms, hasOffset }: FhirTime): string => `${ms}${hasOffset ? "" : "L"}`;

function ofOneCode(
  context: Context,
  series: SeriesField,
  code: Code,
  samples: readonly Sample[],
): Identified[] {
  const { runs, single } = cutIntoRuns(samples);
  const nameOf = (time: FhirTime) => `${series.list}[].${series.field}@${code[0]?.code}@${timeName(time)}`;
  const { category, dimensions = 1 } = series.rule;
  const parts = runs.flatMap((run) => splitLong(run, numbersInOne / dimensions));
  const ofRuns = parts.map((run) => {
    const [start, end] = [run.samples[0]?.time, run.samples.at(-1)?.time] as [FhirTime, FhirTime];
    const span = { start, end };
    return {
      name: nameOf(start),
      code,
      category,
      span,
      ...sampled(context, code, sampledData(run, series.rule)),
    };
  });
  const ofSingles = single.map((sample) => {
    const span = { start: sample.time };
    return { name: nameOf(sample.time), code, category, span, ...singleValue(context, sample, series.rule) };
  });
  return [...ofRuns, ...ofSingles].map((one: Parts) => observation(context, one));
}

/** A vital sign's value is a Quantity or nothing, so a series of them is a component. */
function sampled(context: Context, code: Code, data: SampledData): Pick<Parts, "value" | "components"> {
  const isVitalSign = code.some((one) => vitalSignProfile(one.code) !== undefined);
  const value: Value = { valueSampledData: data };
  return isVitalSign ? { components: [{ code: concept(code, context.systems), ...value }] } : { value };
}

function singleValue(
  context: Context,
  { values }: Sample,
  rule: SeriesRule,
): Pick<Parts, "value" | "components"> {
  const [value] = values as [number];
  if (rule.dimensions === 2) return { components: positionComponents(context, values) };
  const inUnit = rule.factor === undefined ? value : rounded(value * rule.factor);
  return { value: { valueQuantity: quantityOf(inUnit, rule.unit) } };
}

/** A latitude and a longitude, each as a component. */
export function positionComponents(context: Context, [latitude, longitude]: readonly number[]): Component[] {
  const component = (code: "latitude" | "longitude", degrees: number | undefined): Component => ({
    code: concept(own(code), context.systems),
    valueQuantity: quantityOf(degrees as number, "deg"),
  });
  return [component("latitude", latitude), component("longitude", longitude)];
}

function splitLong(run: Run, placesInOne: number): Run[] {
  const last = run.places.at(-1) as number;
  if (last < placesInOne) return [run];
  const parts: Run[] = [];
  for (let from = 0; from < run.samples.length; ) {
    const start = run.places[from] as number;
    const next = run.places.findIndex((place) => place >= start + placesInOne);
    const to = next === -1 ? run.samples.length : next;
    const places = run.places.slice(from, to).map((place) => place - start);
    parts.push({ ...run, samples: run.samples.slice(from, to), places });
    from = to;
  }
  return parts;
}

function sampledData(
  { samples, places, periodMs }: Run,
  { unit, dimensions = 1, factor }: SeriesRule,
): SampledData {
  const gap = dimensions === 2 ? "E E" : "E";
  const data = new Array<string>((places.at(-1) as number) + 1).fill(gap);
  for (const [index, place] of places.entries()) data[place] = (samples[index] as Sample).text;
  return {
    origin: quantityOf(0, unit),
    period: periodMs,
    ...(factor !== undefined && { factor }),
    dimensions,
    data: data.join(" "),
  };
}
