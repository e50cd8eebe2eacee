import { type HypnogramSample, SleepLevel, timestampFormatter } from "../../../models/index.ts";
import type { LocalTime } from "../../kit/iso-time.ts";
import type { ClockSeries } from "../clock-series.ts";
import { type Night, placeInNight } from "./night-clock.ts";

/**
 * Sleep levels by Polar's codes: "0 = WAKE, 1 = REM, 2 = LIGHTER NON-REM, 3 = LIGHT NON-REM, 4 = DEEP NON-REM, 5 =
 * UNKNOWN" (Polar's OpenAPI).
 */
const levels: readonly SleepLevel[] = [
  SleepLevel.Awake,
  SleepLevel.Rem,
  SleepLevel.Light,
  SleepLevel.Light,
  SleepLevel.Deep,
  SleepLevel.Unknown,
];

/** Returns a formatter that makes one inner formatter for each offset: a night has at most two. */
function formatter(): (time: LocalTime) => string {
  const known = new Map<number | null, (localMs: number) => string>();
  return ({ localMs, offsetMinutes }) => {
    const format = known.get(offsetMinutes) ?? timestampFormatter(offsetMinutes);
    known.set(offsetMinutes, format);
    return format(localMs);
  };
}

/** A night, and whether its keys continue in the offset of its start. */
export interface ReadNight extends Night {
  readonly runsOn: boolean;
}

/**
 * Converts a night's `{"HH:MM": value}` to samples in the order of time. Nulls, and values that `keep` refuses, give no
 * sample.
 */
export function nightSamples<Sample>(
  series: ClockSeries,
  night: ReadNight,
  keep: (value: number) => boolean,
  sample: (timestamp: string, value: number) => Sample,
): Sample[] {
  const format = formatter();
  return placeInNight(Object.keys(series ?? {}), night, night.runsOn).flatMap(({ key, time }) => {
    const value = series?.[key] ?? null;
    return value !== null && keep(value) ? [sample(format(time), value)] : [];
  });
}

/**
 * Returns every change of stage, repeated codes included. Keys are minutes and epochs 30 s, so short stages are lost.
 */
export function hypnogram(series: ClockSeries, night: ReadNight): HypnogramSample[] {
  return nightSamples(
    series,
    night,
    () => true,
    (timestamp, code) => ({ timestamp, level: levels[code] ?? SleepLevel.Unknown }),
  );
}
