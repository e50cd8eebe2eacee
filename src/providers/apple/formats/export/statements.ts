/** The items of one UTC day → statements about parts that grow. */
import type { GrowingSample, Period, Statement } from "../../../kit/growing/fold.ts";
import type { Part } from "../../../provider.ts";
import {
  type GrowingResource,
  growingBeats,
  growingCorrelation,
  growingEcg,
  growingSample,
  growingSummary,
  growingWorkout,
  utcDay,
} from "../../healthkit/growing-parts.ts";
import { isSampleRow, readSample, type SpooledItem, type Tables } from "./spool/rows.ts";

/** The format's name in statements. */
export const exportFormat = "export";

const dayMs = 86_400_000;

/** The items of parts, by day and then by the part's name. */
type Days = Map<string, Map<string, { readonly part: Omit<Part, "value">; readonly items: GrowingSample[] }>>;

/** Sorts rows into their days and parts. */
export function daysOf(rows: readonly string[], tables: Tables): Days {
  const days: Days = new Map();
  for (const row of rows) {
    if (isSampleRow(row)) addSample(days, readSample(row, tables));
    else addOther(days, JSON.parse(row) as SpooledItem);
  }
  return days;
}

/** The day of the last sample; the next one is nearly always in it, and a date is expensive to write. */
let last = { day: "", fromMs: 0 };

function dayOf(ms: number): string {
  if (ms < last.fromMs || ms >= last.fromMs + dayMs) {
    const day = utcDay(ms);
    last = { day, fromMs: Date.parse(day) };
  }
  return last.day;
}

function addSample(days: Days, sample: Parameters<typeof growingSample>[0]): void {
  const day = dayOf(sample.startMs);
  add(days, day, { resource: "samples", key: `${day}/${sample.type}` }, growingSample(sample));
}

function addOther(days: Days, { kind, item }: SpooledItem): void {
  const growing = growingOf({ kind, item } as SpooledItem);
  const day = utcDay(growing.startMs);
  add(days, day, { resource: kind satisfies GrowingResource, key: day }, growing);
}

function growingOf({ kind, item }: SpooledItem): GrowingSample {
  switch (kind) {
    case "workouts":
      return growingWorkout(item);
    case "ecgs":
      return growingEcg(item);
    case "beats":
      return growingBeats(item);
    case "correlations":
      return growingCorrelation(item);
    case "activity-summaries":
      return growingSummary(item);
  }
}

function add(days: Days, day: string, part: Omit<Part, "value">, item: GrowingSample): void {
  const parts = days.get(day) ?? new Map();
  days.set(day, parts);
  const name = `${part.resource} ${part.key}`;
  const known = parts.get(name);
  if (known === undefined) parts.set(name, { part, items: [item] });
  else known.items.push(item);
}

/** Returns the parts of a day. @param exportedMs the instant up to which the export is the whole truth; null for none */
export function partsOfDay(
  day: string,
  parts: Days,
  exportedMs: number | null,
): Part<Statement<GrowingSample>>[] {
  const settles = exportedMs === null ? null : periodOf(day, exportedMs);
  return [...(parts.get(day)?.values() ?? [])].map(({ part, items }) => ({
    ...part,
    value: { format: exportFormat, samples: items, ...(settles !== null && { settles }) },
  }));
}

/** Returns the part of a day that lies before the export; null where none does. */
function periodOf(day: string, exportedMs: number): Period | null {
  const fromMs = Date.parse(day);
  const toMs = Math.min(fromMs + dayMs, exportedMs + 1);
  return toMs > fromMs ? { fromMs, toMs } : null;
}
