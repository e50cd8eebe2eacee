/** Speeds of laps whose unit the laps' own distances and times contradict. */

import { positive } from "../values.ts";
import type { TimedLap } from "./lap.ts";

const kmhPerMetrePerSecond = 3.6;

/** How far the mean of moving may lie above that of the whole lap, which has the standing about in it. */
const largestRatio = 1.5;

export interface LapsWithSpeeds {
  readonly laps: readonly TimedLap[];
  /** What the file's speeds were taken to be in. */
  readonly unit: "m/s" | "km/h";
}

/**
 * The files' schema says m/s; a file of a V800 has km/h (8.95 for 1,000 m in 402 s). One file has one unit: the one
 * that fits the distances and times of more of its laps. A speed that these contradict all the same is theirs.
 */
export function withPlausibleSpeeds(laps: readonly TimedLap[]): LapsWithSpeeds {
  const ratios = laps.map(ratioOf).filter((ratio) => ratio !== null);
  const fitting = (factor: number) => ratios.filter((ratio) => isNear(ratio / factor)).length;
  const isKmh = fitting(kmhPerMetrePerSecond) > fitting(1);
  const factor = isKmh ? kmhPerMetrePerSecond : 1;
  return { laps: laps.map((lap) => withSpeed(lap, factor)), unit: isKmh ? "km/h" : "m/s" };
}

const isNear = (ratio: number) => ratio <= largestRatio && ratio >= 1 / largestRatio;

/** The speed by the lap's distance and time, in m/s. */
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
