/**
 * The search parameters `code` and `date` of an Observation. A date without an offset is compared with the person's own
 * clock, as it stands in the Observation; one with an offset is compared with the instant.
 * @see https://hl7.org/fhir/R4/search.html
 */
import { isCalendarDate } from "./time.ts";
import type { CodeableConcept, Effective } from "./types.ts";

export type CodeTest = (concept: CodeableConcept) => boolean;

/** Reads `system|code`, `|code`, `code` and `system|`; a comma stands for "or". Returns null for an empty one. */
export function readCodes(text: string): CodeTest | null {
  const tests = text.split(",").map(readCode);
  if (!tests.every((test) => test !== null)) return null;
  return (concept) => tests.some((test) => test(concept));
}

function readCode(token: string): CodeTest | null {
  const bar = token.indexOf("|");
  const [system, code] = bar < 0 ? [null, token] : [token.slice(0, bar), token.slice(bar + 1)];
  if (!system && code === "") return null;
  return ({ coding = [] }) =>
    coding.some(
      (one) =>
        (system === null || one.system === system || (system === "" && !one.system)) &&
        (code === "" || one.code === code),
    );
}

/** The milliseconds from `low` up to `high`, without `high`. */
interface Range {
  readonly low: number;
  readonly high: number;
}

/** A time as FHIR writes it: on the clock that it names, and, where it has an offset, as an instant. */
interface ReadTime {
  readonly local: Range;
  readonly instant: Range | null;
}

const [minuteMs, secondMs] = [60_000, 1_000];
const wholeForm = /^(\d{4}(?:-\d\d(?:-\d\d)?)?)(?:T(.*))?$/;
const clockForm = /^([01]\d|2[0-3]):([0-5]\d)(?::([0-5]\d)(\.\d{1,9})?)?(Z|[+-]\d\d:\d\d)?$/;

/** Returns null for what is no date of FHIR. */
function readTime(text: string): ReadTime | null {
  const [, date = "", clock] = wholeForm.exec(text) ?? [];
  const days = daysOf(date);
  if (days === null || clock === undefined) return days && { local: days, instant: null };
  return date.length === "2026-01-01".length ? readClock(days.low, clock) : null;
}

/** Returns the time of a year, a month or a day. */
function daysOf(date: string): Range | null {
  const [year = "", month, day] = date.split("-");
  if (!isCalendarDate(`${year}-${month ?? "01"}-${day ?? "01"}`)) return null;
  const [y, m, d] = [Number(year), Number(month ?? 1) - 1, Number(day ?? 1)];
  if (month === undefined) return { low: utc(y, 0, 1), high: utc(y + 1, 0, 1) };
  return { low: utc(y, m, d), high: day === undefined ? utc(y, m + 1, 1) : utc(y, m, d + 1) };
}

function readClock(midnight: number, clock: string): ReadTime | null {
  const [, hour, minute, second, fraction, offset] = clockForm.exec(clock) ?? [];
  if (hour === undefined) return null;
  const minutes = Number(hour) * 60 + Number(minute);
  const ms = (Number(second ?? 0) + Number(fraction ?? 0)) * secondMs;
  const low = midnight + minutes * minuteMs + Math.floor(ms);
  const local = { low, high: low + clockPrecision(second, fraction) };
  return { local, instant: offset === undefined ? null : shifted(local, offset) };
}

function clockPrecision(second: string | undefined, fraction: string | undefined): number {
  if (second === undefined) return minuteMs;
  return fraction === undefined ? secondMs : 1;
}

/** `Date.UTC` takes the years 0 to 99 for those of the last century. */
function utc(year: number, month: number, day: number): number {
  return new Date(0).setUTCFullYear(year, month, day);
}

function shifted({ low, high }: Range, offset: string): Range {
  const minutes = offset === "Z" ? 0 : Number(offset.slice(1, 3)) * 60 + Number(offset.slice(4));
  const ms = (offset.startsWith("-") ? -minutes : minutes) * minuteMs;
  return { low: low - ms, high: high - ms };
}

export type DateTest = (effective: Effective) => boolean;

export interface DateSearch {
  readonly test: DateTest;
  /** The local days, `YYYY-MM-DD`, outside of which nothing matches, two days wider for the offsets. */
  readonly from: string | null;
  readonly to: string | null;
}

const comparisons: Readonly<Record<string, (target: Range, searched: Range) => boolean>> = {
  eq: (target, searched) => target.low >= searched.low && target.high <= searched.high,
  gt: (target, searched) => target.high > searched.high,
  lt: (target, searched) => target.low < searched.low,
  // A period that only reaches into the searched day is on or after its beginning, and before its end.
  ge: (target, searched) => target.high > searched.low,
  le: (target, searched) => target.low < searched.high,
};
export const datePrefixes = Object.keys(comparisons);

const prefixed = /^(?:([a-z]{2})(?=\d))?(.*)$/s;
const marginMs = 2 * 24 * 60 * minuteMs;
/** A year of five digits would not compare as text. */
const lastMs = utc(9999, 11, 31);

/** Returns null where the prefix or the date is none. */
export function readDate(text: string): DateSearch | null {
  const [, prefix = "eq", date = ""] = prefixed.exec(text) ?? [];
  const compare = Object.hasOwn(comparisons, prefix) ? comparisons[prefix] : undefined;
  const searched = readTime(date);
  if (compare === undefined || searched === null) return null;
  const { local, instant } = searched;
  const day = (ms: number): string | null => (ms > lastMs ? null : new Date(ms).toISOString().slice(0, 10));
  return {
    test: (effective) => {
      const target = rangeOf(effective, instant !== null);
      return target !== null && compare(target, instant ?? local);
    },
    from: ["eq", "gt", "ge"].includes(prefix) ? day(local.low - marginMs) : null,
    to: ["eq", "lt", "le"].includes(prefix) ? day(local.high + marginMs) : null,
  };
}

/** Returns the time of an Observation. A date of a person whose offset is not known is taken as one of UTC. */
function rangeOf({ effectiveDateTime, effectivePeriod }: Effective, asInstant: boolean): Range | null {
  const start = readTime(effectiveDateTime ?? effectivePeriod?.start ?? "");
  const end = effectivePeriod?.end === undefined ? start : readTime(effectivePeriod.end);
  if (start === null || end === null) return null;
  const side = (time: ReadTime): Range => (asInstant ? (time.instant ?? time.local) : time.local);
  return { low: side(start).low, high: side(end).high };
}
