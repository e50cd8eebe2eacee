/**
 * `sleep_analysis`: nights as sums, or as segments. Of a night as sums only its beginning, its end and the hours of each
 * stage are known, so it becomes one sample of plain sleep with the hours beside it; nothing says when the stages were.
 */
import { z } from "zod";
import { minuteMs } from "../../../kit/iso-time.ts";
import type { Metadata, Sample } from "../../healthkit/sample.ts";
import { number, sourceOf, text, timeOf } from "../fields.ts";
import type { Metric, ReadSamples } from "./metrics.ts";

export const sleepMetric = "sleep_analysis";
const type = "HKCategoryTypeIdentifierSleepAnalysis";

/** HKCategoryValueSleepAnalysis. */
const inBedValue = 0;
const plainSleep = 1;

/** By the segment's word in letters alone, HealthKit's number. */
const stages: ReadonlyMap<string, number> = new Map([
  ["inbed", inBedValue],
  ["asleep", plainSleep],
  ["asleepunspecified", plainSleep],
  ["unspecified", plainSleep],
  ["awake", 2],
  ["core", 3],
  ["asleepcore", 3],
  ["deep", 4],
  ["asleepdeep", 4],
  ["rem", 5],
  ["asleeprem", 5],
]);

const row = z.object({
  date: text,
  start: text,
  end: text,
  startDate: text,
  endDate: text,
  value: text,
  qty: number,
  source: text,
  sleepSource: text,
  inBedSource: text,
  sleepStart: text,
  sleepEnd: text,
  inBedStart: text,
  inBedEnd: text,
  totalSleep: number,
  asleep: number,
  core: number,
  deep: number,
  rem: number,
  awake: number,
  inBed: number,
});
type Row = z.output<typeof row>;

/** Longer than any night: one of the two times is wrong. */
const longestMs = 48 * 60 * minuteMs;

/** The samples of `sleep_analysis`. Rows that are sums tell a whole night; segments may be a part of one. */
export interface ReadSleep extends ReadSamples {
  readonly isSums: boolean;
}

export function readSleep({ data }: Metric): ReadSleep {
  const unreadable = new Set<string>();
  let isSums = true;
  const samples = data.flatMap((item) => {
    const read = row.safeParse(item);
    if (!read.success) {
      unreadable.add("data[]");
      return [];
    }
    const isSegment = typeof read.data.value === "string";
    if (isSegment) isSums = false;
    const made = isSegment ? segment(read.data) : night(read.data);
    if (made.length === 0) unreadable.add(isSegment ? "data[].value" : "data[].sleepStart");
    return made;
  });
  return { samples, unreadable: [...unreadable], isSums };
}

/** A segment's `date` may be null or missing. */
function segment(told: Row): Sample[] {
  const value = stages.get((told.value ?? "").toLowerCase().replace(/[^a-z]/g, ""));
  if (value === undefined) return [];
  return sampleOf(told.startDate ?? told.start ?? told.date, told.endDate ?? told.end, {
    value,
    source: sourceOf(told.source),
    isAggregate: false,
    metadata: {},
  });
}

/**
 * The day of a night is not read from `date`: in some versions it is midnight, in others bedtime. Where `inBed` is 0,
 * `inBedStart` and `inBedEnd` only repeat the sleep's own times: nothing was recorded in bed.
 */
function night(told: Row): Sample[] {
  const sleep = sampleOf(told.sleepStart, told.sleepEnd, {
    value: plainSleep,
    source: sourceOf(told.source ?? told.sleepSource),
    isAggregate: true,
    metadata: hoursOf(told),
  });
  if ((told.inBed ?? 0) <= 0) return sleep;
  const inBed = sampleOf(told.inBedStart, told.inBedEnd, {
    value: inBedValue,
    source: sourceOf(told.inBedSource ?? told.source ?? told.sleepSource),
    isAggregate: true,
    metadata: {},
  });
  return [...sleep, ...inBed];
}

function hoursOf({ totalSleep, asleep, core, deep, rem, awake, inBed }: Row): Metadata {
  const hours = { totalSleep, asleep, core, deep, rem, awake, inBed };
  return Object.fromEntries(
    Object.entries(hours).filter((entry): entry is [string, number] => typeof entry[1] === "number"),
  );
}

function sampleOf(
  start: string | null | undefined,
  end: string | null | undefined,
  rest: Pick<Sample, "value" | "source" | "isAggregate" | "metadata">,
): Sample[] {
  const [from, to] = [timeOf(start), timeOf(end)];
  if (from === null || to === null || to.ms <= from.ms || to.ms - from.ms > longestMs) return [];
  const { ms: startMs, offsetMinutes } = from;
  return [
    {
      uuid: null,
      type,
      startMs,
      endMs: to.ms,
      zone: null,
      offsetMinutes,
      isUserEntered: false,
      ...rest,
    },
  ];
}
