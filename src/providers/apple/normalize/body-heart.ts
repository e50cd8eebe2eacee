/** ECGs and beats. */
import { AFibFlag, type EcgReading, type HeartData } from "../../../models/index.ts";
import type { Beats, Ecg } from "../healthkit/readings.ts";
import { type ClockOf, noClock, timeWriter } from "./local-clock.ts";

/**
 * By HKElectrocardiogramClassification. 3 to 6 are inconclusive: a low or a high heart rate, a poor reading, another
 * reason. 100, unrecognised, has no flag.
 */
const flags: ReadonlyMap<number, AFibFlag> = new Map([
  [1, AFibFlag.Negative],
  [2, AFibFlag.Positive],
  [3, AFibFlag.Inconclusive],
  [4, AFibFlag.Inconclusive],
  [5, AFibFlag.Inconclusive],
  [6, AFibFlag.Inconclusive],
]);

const flagOf = ({ classification }: Ecg): AFibFlag | null => flags.get(classification ?? 0) ?? null;

/** Values are evenly spaced. Without a sampling rate their times are unknown, so null. */
function reading(ecg: Ecg, clockOf: ClockOf): EcgReading {
  const write = timeWriter();
  const clock = clockOf(ecg);
  const { startMs, samplingHz, microvolts } = ecg;
  return {
    start_timestamp: write(clock, startMs),
    avg_hr_bpm: ecg.averageHeartRate,
    afib_classification: flagOf(ecg),
    raw_signal: microvolts.map((potential_uV, index) => ({
      timestamp: samplingHz === null ? null : write(clock, startMs + (index * 1_000) / samplingHz),
      potential_uV,
    })),
  };
}

export function heartData(ecgs: readonly Ecg[], beats: readonly Beats[], clockOf: ClockOf): HeartData {
  const write = timeWriter();
  return {
    afib_classification_samples: ecgs.map((ecg) => ({
      timestamp: write(clockOf(ecg), ecg.startMs),
      afib_classification: flagOf(ecg),
    })),
    ecg_signal: ecgs.map((ecg) => reading(ecg, clockOf)),
    // HealthKit gives the rate of each beat: the interval in another unit.
    rr_interval_samples: beats
      .flatMap((series) => series.beats)
      .toSorted((one, other) => one.atMs - other.atMs)
      .map(({ atMs, bpm }) => ({
        timestamp: write(clockOf(noClock), atMs),
        rr_interval_ms: bpm > 0 ? 60_000 / bpm : null,
        hr_bpm: bpm,
      })),
  };
}

/** Returns the classifications as the format wrote them: a translated one is kept that way too. */
export const toldClassifications = (ecgs: readonly Ecg[], clockOf: ClockOf) => {
  const write = timeWriter();
  return ecgs.map((ecg) => ({
    start_time: write(clockOf(ecg), ecg.startMs),
    classification: ecg.classificationText ?? ecg.classification,
    sampling_hz: ecg.samplingHz,
  }));
};
