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
import { isSampleRow, type Row, type SpooledItem, sampleOfRow } from "./spool/rows.ts";
import type { SpoolSummary } from "./spool/spool.ts";

/** The format's name in statements. */
export const exportFormat = "export";

/** Returns the parts of one UTC day. @param exportedMs the instant up to which the export tells everything; null for none */
export function partsOfDay(
  day: string,
  rows: readonly Row[],
  { tables, exportedMs }: Pick<SpoolSummary, "tables" | "exportedMs">,
): Part<Statement<GrowingSample>>[] {
  const whole = exportedMs === null ? {} : settledBy(day, exportedMs);
  const parts = new Map<string, Part<GrowingSample[]>>();
  const listOf = (name: string, ref: () => ResourceRef): GrowingSample[] => {
    const known = parts.get(name) ?? { ...ref(), value: [] };
    parts.set(name, known);
    return known.value;
  };
  for (const row of rows) {
    if (isSampleRow(row)) {
      const sample = growingSample(sampleOfRow(row, tables));
      listOf(sample.type, () => samplesOf(day, sample.type)).push(sample);
    } else {
      // No type has a space.
      listOf(`${row.kind} `, () => ({ resource: row.kind satisfies GrowingResource, key: day })).push(
        growingOf(row),
      );
    }
  }
  return [...parts.values()].map(({ value: samples, ...part }) => ({
    ...part,
    value: { format: exportFormat, samples, ...whole },
  }));
}

const samplesOf = (day: string, type: string): ResourceRef => ({
  resource: "samples" satisfies GrowingResource,
  key: samplesKey(day, type),
});

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
