import { type Columnar, type HeartRateData, SampleColumns, SampleTimes } from "../../../../models/index.ts";
import { compareValues } from "../../../kit/in-order.ts";
import { largest, smallest } from "../../../kit/values.ts";
import type { V4HeartRateDay } from "../resources/continuous-samples.ts";

/** The samples of a day, one column for each field: there are thousands. */
interface Columns {
  readonly offsets: number[];
  readonly beats: number[];
  /** The place of the device's item in the day, and so in `provider_data`. */
  readonly devices: number[];
}

export interface DayHeartRate {
  readonly data: Columnar<HeartRateData>;
  /** How many samples were left out because another one of the same instant counts. */
  readonly doubled: number;
}

/**
 * Converts a day of continuous heart rate to Daily.heart_rate_data. Offsets count from local midnight, and the body names
 * no zone. Of several samples at one instant, one counts: that of the device with the most samples of the day, then of the
 * device whose id comes first, then the higher one. `provider_data` tells how many were left out.
 */
export function dayHeartRate(midnightMs: number, items: readonly V4HeartRateDay[]): DayHeartRate {
  const columns = columnsOf(items);
  const { offsets, beats } = columns;
  const order = ordered(columns);
  const kept = order.filter((at, place) => offsets[at] !== offsets[order[place - 1] ?? -1]);
  const bpm = kept.map((at) => beats[at] ?? 0);
  return {
    data: {
      summary: { max_hr_bpm: largest(bpm), min_hr_bpm: smallest(bpm) },
      detailed: {
        hr_samples: new SampleColumns(
          new SampleTimes(
            { localMs: kept.map((at) => midnightMs + (offsets[at] ?? 0)), offsetMinutes: null },
            null,
          ),
          { bpm, context: null },
        ),
      },
    },
    doubled: order.length - kept.length,
  };
}

function columnsOf(items: readonly V4HeartRateDay[]): Columns {
  const columns: Columns = { offsets: [], beats: [], devices: [] };
  for (const [device, { samples }] of items.entries()) {
    for (const { heartRate, offsetMillis } of samples ?? []) {
      if (!heartRate || heartRate <= 0 || offsetMillis === null || offsetMillis === undefined) continue;
      columns.offsets.push(offsetMillis);
      columns.beats.push(heartRate);
      columns.devices.push(device);
    }
  }
  return columns;
}

/** Returns the places of the samples in the order of time; at one instant, the one that counts comes first. */
function ordered({ offsets, beats, devices }: Columns): number[] {
  const counts = new Map<number, number>();
  for (const device of devices) counts.set(device, (counts.get(device) ?? 0) + 1);
  const rank = devices.map((device) => -(counts.get(device) ?? 0));
  const by = (column: readonly number[], one: number, other: number) =>
    compareValues(column[one] ?? 0, column[other] ?? 0);
  return offsets
    .map((_, at) => at)
    .sort(
      (one, other) =>
        by(offsets, one, other) || by(rank, one, other) || by(devices, one, other) || -by(beats, one, other),
    );
}
