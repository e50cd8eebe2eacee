/** The items of one UTC day → statements about parts that grow. */
import type { GrowingSample, Period, Statement } from "../../../kit/growing/fold.ts";
import { dayMs } from "../../../kit/iso-time.ts";
import type { Part, ResourceRef } from "../../../provider.ts";
import {
  type GrowingResource,
  growingBeats,
  growingCorrelation,
  growingEcg,
  growingSample,
  growingSummary,
  growingWorkout,
  samplesKey,
} from "../../healthkit/growing-parts.ts";
import { isSampleRow, readSample, type SpooledItem, type Tables } from "./spool/rows.ts";
import type { SpoolSummary } from "./spool/spool.ts";

/** The format's name in statements. */
export const exportFormat = "export";

/** Returns the parts of one UTC day. @param exportedMs the instant up to which the export tells everything; null for none */
export function partsOfDay(
  day: string,
  rows: readonly string[],
  { tables, exportedMs }: Pick<SpoolSummary, "tables" | "exportedMs">,
): Part<Statement<GrowingSample>>[] {
  const whole = exportedMs === null ? {} : settledBy(day, exportedMs);
  const parts = new Map<string, Part<GrowingSample[]>>();
  for (const row of rows) {
    const { resource, key, item } = isSampleRow(row) ? sampleIn(day, row, tables) : otherIn(day, row);
    const name = `${resource} ${key}`;
    const known = parts.get(name);
    if (known === undefined) parts.set(name, { resource, key, value: [item] });
    else known.value.push(item);
  }
  return [...parts.values()].map(({ value: samples, ...part }) => ({
    ...part,
    value: { format: exportFormat, samples, ...whole },
  }));
}

interface PlacedItem extends ResourceRef {
  readonly item: GrowingSample;
}

function sampleIn(day: string, row: string, tables: Tables): PlacedItem {
  const sample = readSample(row, tables);
  return { resource: "samples", key: samplesKey(day, sample.type), item: growingSample(sample) };
}

function otherIn(day: string, row: string): PlacedItem {
  const spooled = JSON.parse(row) as SpooledItem;
  return { resource: spooled.kind satisfies GrowingResource, key: day, item: growingOf(spooled) };
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

/** Returns the part of a day that lies before the export, and when that was; nothing where none does. */
function settledBy(day: string, exportedMs: number): { settles?: Period; asOf?: number } {
  const fromMs = Date.parse(day);
  const toMs = Math.min(fromMs + dayMs, exportedMs + 1);
  return toMs > fromMs ? { settles: { fromMs, toMs }, asOf: exportedMs } : {};
}
