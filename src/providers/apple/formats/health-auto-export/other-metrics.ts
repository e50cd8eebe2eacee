/** The metrics of Health Auto Export that are no quantities in HealthKit: events with a length, and hours stood. */
import { z } from "zod";
import { dayMs, minuteMs } from "../../../kit/iso-time.ts";
import type { Metadata, Sample } from "../../healthkit/sample.ts";
import type { WrittenTime } from "../../healthkit/written-time.ts";
import { number, sourceOf, text, timeOf } from "../fields.ts";
import type { Granularity } from "./headers.ts";
import type { Metric, ReadSamples } from "./metrics.ts";
import { endsOf, rowLength } from "./row-period.ts";

const row = z.object({
  date: text,
  start: text,
  end: text,
  source: text,
  qty: number,
  value: text,
  Unspecified: number,
  "Protection Used": number,
  "Protection Not Used": number,
});
type Row = z.output<typeof row>;

interface Timed extends Row {
  readonly begin: WrittenTime;
  readonly endMs: number;
}

/** The value, metadata and end of one event; a row may tell of several. */
type Meaning = Pick<Sample, "value" | "metadata"> & { readonly endMs: number };
type Read = (row: Timed) => Meaning[];

interface Kind {
  readonly type: string;
  /** Whether the app sums rows up. Otherwise each is one event, whose length is its quantity. */
  readonly isSummed: boolean;
  readonly read: Read;
}

/** HKCategoryValueNotApplicable: HealthKit's value of an event that either happened or not. */
const notApplicable = 0;
/** HKCategoryValueAppleStandHour. */
const [stood, idle] = [0, 1];

/** An event of so many units of time. A sum of several, whose own time is longer, keeps its own time. */
const event =
  (unitMs: number): Read =>
  ({ begin, endMs, qty, value }) => [
    {
      value: notApplicable,
      endMs: Math.max(endMs, begin.ms + Math.max(qty ?? 0, 0) * unitMs),
      metadata: { ...noted("qty", qty), ...noted("value", value) },
    },
  ];

const noted = (key: string, value: string | number | null | undefined): Metadata =>
  value === null || value === undefined ? {} : { [key]: value };

/** The hours stood, of one hour or of a day. */
const standHours: Read = ({ endMs, qty }) =>
  typeof qty === "number" ? [{ value: qty > 0 ? stood : idle, endMs, metadata: { qty } }] : [];

const sexualActivity: Read = (told) => {
  const counts = [
    [told.Unspecified, {}],
    [told["Protection Used"], { HKSexualActivityProtectionUsed: 1 }],
    [told["Protection Not Used"], { HKSexualActivityProtectionUsed: 0 }],
  ] as const;
  return counts.flatMap(([qty, metadata]) =>
    (qty ?? 0) > 0
      ? [{ value: notApplicable, endMs: told.endMs, metadata: { ...metadata, ...noted("qty", qty) } }]
      : [],
  );
};

const kinds: ReadonlyMap<string, Kind> = new Map([
  ["apple_stand_hour", { type: "AppleStandHour", isSummed: true, read: standHours }],
  ["mindful_minutes", { type: "MindfulSession", isSummed: false, read: event(minuteMs) }],
  ["handwashing", { type: "HandwashingEvent", isSummed: false, read: event(1_000) }],
  ["toothbrushing", { type: "ToothbrushingEvent", isSummed: false, read: event(1_000) }],
  ["sexual_activity", { type: "SexualActivity", isSummed: false, read: sexualActivity }],
]);

export const otherMetrics: readonly string[] = [...kinds.keys()];

/** Reads a metric of events; null for another one. */
export function readOtherMetric({ name, data }: Metric, hint: Granularity | null = null): ReadSamples | null {
  const kind = kinds.get(name);
  if (kind === undefined) return null;
  const rows = data.flatMap((item) => {
    const read = row.safeParse(item);
    const begin = read.success ? timeOf(read.data.start ?? read.data.date) : null;
    return !read.success || begin === null ? [] : [{ ...read.data, begin }];
  });
  const unreadable = new Set<string>(rows.length < data.length ? ["data[].date"] : []);
  const begins = rows.flatMap((one) => (one.end ? [] : [one.begin]));
  const endOf = endsOf(begins, lengthOf(kind, begins, hint));
  const samples = rows.flatMap((one) => {
    const told = { ...one, endMs: timeOf(one.end)?.ms ?? endOf(one.begin) };
    const meanings = kind.read(told);
    if (meanings.length === 0 && name !== "sexual_activity") unreadable.add("data[].qty");
    return meanings.map((meaning) => sampleOf(kind, told, meaning));
  });
  return { samples, unreadable: [...unreadable] };
}

/** Where rows tell no length, hours stood are hours or days; events are of a moment, or a day's sum. */
function lengthOf({ isSummed }: Kind, begins: readonly WrittenTime[], hint: Granularity | null): number {
  if (isSummed) return Math.max(rowLength(begins, true, hint), 60 * minuteMs);
  return rowLength(begins, false, hint ?? "minute") === dayMs ? dayMs : 0;
}

const sampleOf = ({ type }: Kind, { begin, source }: Timed, { value, endMs, metadata }: Meaning): Sample => ({
  uuid: null,
  type: `HKCategoryTypeIdentifier${type}`,
  startMs: begin.ms,
  endMs: Math.max(endMs, begin.ms),
  value,
  zone: null,
  offsetMinutes: begin.offsetMinutes,
  source: sourceOf(source),
  isUserEntered: false,
  isAggregate: true,
  metadata,
});
