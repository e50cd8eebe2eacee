import { mean } from "../../../kit/random.ts";
import type { Json } from "../data.ts";
import type { V3Exercise } from "./v3-exercise.ts";

/** A series at one value a second, by the name that v4 gives it. */
export interface Series {
  readonly type: string;
  readonly values: readonly number[];
}

/** v4's names of v3's sample types. */
const TYPES: Record<number, string> = {
  0: "HEART_RATE",
  1: "SPEED",
  2: "CADENCE",
  3: "ALTITUDE",
  4: "POWER",
  9: "TEMPERATURE",
  10: "DISTANCE",
};

/** Indoors v3 has series of zeros where v4 has none. */
const isMeasured = ({ values }: Series) => values.some((value) => value !== 0);

export function seriesOf({ samples }: V3Exercise): Series[] {
  return samples
    .map(({ sample_type, data }) => ({
      type: TYPES[sample_type] ?? `TYPE_${sample_type}`,
      values: data.split(",").map(Number),
    }))
    .filter(isMeasured);
}

const SUMMED = ["HEART_RATE", "SPEED", "CADENCE", "POWER", "ALTITUDE"];

/** Returns lowest, mean and highest value of each series between two seconds. */
export function statisticsOf(series: readonly Series[], from: number, to: number): Json[] {
  return series
    .filter(({ type }) => SUMMED.includes(type))
    .map(({ type, values }) => {
      const inside = values.slice(from, to);
      return {
        type: `STATISTICS_TYPE_${type}`,
        min: inside.reduce((low, value) => Math.min(low, value), Number.POSITIVE_INFINITY),
        avg: Number(mean(inside).toFixed(3)),
        max: inside.reduce((high, value) => Math.max(high, value), Number.NEGATIVE_INFINITY),
      };
    });
}
