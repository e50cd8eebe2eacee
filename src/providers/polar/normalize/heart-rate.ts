import { type Columnar, type HeartRateData, SampleColumns, SampleTimes } from "../../../models/index.ts";
import { inOrder } from "../../kit/in-order.ts";
import { parseClock } from "../../kit/iso-time.ts";
import { largest, smallest } from "../../kit/values.ts";
import type { PolarHeartRateDay } from "../resources/continuous-heart-rate.ts";

/**
 * Converts a day of continuous heart rate to Daily.heart_rate_data. Times are local without an offset. The samples are
 * irregular (5-minute averages, with bursts of one a second), so their mean is not the day's, and the average stays
 * null. "HR 0 = no signal" (POLAR-API §3) gives no sample.
 */
export function dayHeartRate(
  midnightMs: number,
  polar: PolarHeartRateDay | undefined,
): Columnar<HeartRateData> {
  const measured = (polar?.heart_rate_samples ?? []).flatMap(({ heart_rate: bpm, sample_time }) =>
    bpm && bpm > 0 ? { bpm, clockMs: parseClock(sample_time) } : [],
  );
  const samples = inOrder(measured, ({ clockMs }) => clockMs);
  const beats = samples.map(({ bpm }) => bpm);
  const localMs = samples.map(({ clockMs }) => midnightMs + clockMs);
  const times = new SampleTimes({ localMs, offsetMinutes: null }, null);
  return {
    summary: { max_hr_bpm: largest(beats), min_hr_bpm: smallest(beats) },
    detailed: { hr_samples: new SampleColumns(times, { bpm: beats, context: null }) },
  };
}
