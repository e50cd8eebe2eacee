/** Corrects the speeds of laps whose unit contradicts the laps' own distances and times. */

import { positive } from "../values.ts";
import type { TimedLap } from "./lap.ts";

const kmhPerMetrePerSecond = 3.6;

/** How far the mean speed while moving may lie above that of the whole lap, which includes standing still. */
const largestRatio = 1.5;

export interface LapsWithSpeeds {
  readonly laps: readonly TimedLap[];
  /** The unit that the file's speeds were taken to be in. */
  readonly unit: "m/s" | "km/h";
}

/**
 * Returns the laps with corrected speeds. The files' schema says m/s; a V800's file has km/h (8.95 for 1,000 m in 402
 * s). A file has one unit: the one that fits the distances and times of more of its laps. A speed that still
 * contradicts them is replaced by distance over time.
 */
export function withPlausibleSpeeds(laps: readonly TimedLap[]): LapsWithSpeeds {
  const ratios = laps.map(ratioOf).filter((ratio) => ratio !== null);
  const fitting = (factor: number) => ratios.filter((ratio) => isNear(ratio / factor)).length;
  const isKmh = fitting(kmhPerMetrePerSecond) > fitting(1);
  const factor = isKmh ? kmhPerMetrePerSecond : 1;
  return { laps: laps.map((lap) => withSpeed(lap, factor)), unit: isKmh ? "km/h" : "m/s" };
}

const isNear = (ratio: number) => ratio <= largestRatio && ratio >= 1 / largestRatio;

/** Returns the speed computed from the lap's distance and time, in m/s; null where one is missing. */
function measured({ activeSeconds, said }: TimedLap): number | null {
  const metres = positive(said.distance_meters);
  const seconds = positive(activeSeconds);
  return metres === null || seconds === null ? null : metres / seconds;
}

function ratioOf(lap: TimedLap): number | null {
  const own = measured(lap);
  const said = positive(lap.said.avg_speed_meters_per_second);
  return own === null || said === null ? null : said / own;
}

function withSpeed(lap: TimedLap, factor: number): TimedLap {
  const said = lap.said.avg_speed_meters_per_second ?? null;
  if (said === null) return lap;
  const speed = isNear((ratioOf(lap) ?? factor) / factor) ? said / factor : measured(lap);
  return speed === said ? lap : { ...lap, said: { ...lap.said, avg_speed_meters_per_second: speed } };
}
