import type { HeartRateData } from "../../../models/index.ts";
import type { DayItems } from "./day-items.ts";
import { shifted } from "./decimal-shift.ts";
import { type Measured, meanOf, rangeOf } from "./readings.ts";
import { heartRateSamples, sdnnSamples, seriesOf } from "./series.ts";
import { heartRate, restingHeartRate, rmssd, sdnn } from "./type-homes.ts";

/** Returns the heart of a day. Apple's variability is SDNN; RMSSD is only there where a phone wrote it as such. */
export function dayHeartRate(day: DayItems): HeartRateData {
  const { clockOf } = day;
  const [beats, ofSdnn, ofRmssd] = [heartRate, sdnn, rmssd].map((type) => day.readings(type));
  return heartRateData({ beats: beats ?? [], sdnn: ofSdnn ?? [], rmssd: ofRmssd ?? [] }, clockOf, {
    resting_hr_bpm: newest(day.readings(restingHeartRate)),
  });
}

export interface HeartReadings {
  readonly beats: readonly Measured[];
  readonly sdnn: readonly Measured[];
  readonly rmssd: readonly Measured[];
}

export function heartRateData(
  { beats, sdnn, rmssd }: HeartReadings,
  clockOf: DayItems["clockOf"],
  summary: HeartRateData["summary"] = {},
): HeartRateData {
  const { average, minimum, maximum } = rangeOf(beats);
  const milliseconds = (samples: readonly Measured[]) => samples.map(({ value }) => shifted(value, 3));
  return {
    summary: {
      ...summary,
      avg_hr_bpm: average,
      max_hr_bpm: maximum,
      min_hr_bpm: minimum,
      avg_hrv_sdnn: meanOf(milliseconds(sdnn)),
      avg_hrv_rmssd: meanOf(milliseconds(rmssd)),
    },
    detailed: {
      hr_samples: heartRateSamples(beats, clockOf),
      hrv_samples_sdnn: sdnnSamples(sdnn, clockOf),
      hrv_samples_rmssd: seriesOf(rmssd, clockOf, (timestamp, seconds) => ({
        timestamp,
        hrv_rmssd: shifted(seconds, 3),
      })),
    },
  };
}

/**
 * Returns the value of a reading that is revised during the day: Apple writes the resting heart rate anew, over a longer
 * time, and many hours after its start.
 */
function newest(samples: readonly Measured[]): number | null {
  const ordered = samples.toSorted(
    (one, other) =>
      Number(one.isAggregate) - Number(other.isAggregate) ||
      other.endMs - one.endMs ||
      other.startMs - one.startMs,
  );
  return ordered[0]?.value ?? null;
}
