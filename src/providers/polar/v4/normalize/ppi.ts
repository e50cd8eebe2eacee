/** The times between beats of a day (PPI), for Body: its heart data is the model's only place for single beats. */
import { type HeartData, SampleColumns, SampleTimes } from "../../../../models/index.ts";
import { compareValues } from "../../../kit/in-order.ts";
import { positive } from "../../../kit/values.ts";
import type { Told } from "../../../provider-data.ts";
import { midnightOf } from "../reading.ts";
import type { V4PpiDay } from "../resources/ppi-samples.ts";

type RrSample = NonNullable<HeartData["rr_interval_samples"]>[number];

/** What belongs to each sample, in columns: a day has 100,000, and an object for each would be larger than the record. */
export interface PpiQuality {
  readonly device: string | null;
  /** ms by which each interval may be wrong. */
  readonly error_estimate_millis: readonly (number | null)[];
  /** One character for each sample: 1 yes, 0 no, - not said. */
  readonly skin_contact: string;
  readonly movement: string;
  readonly offline: string;
}

export const toldOfPpi: readonly Told[] = [
  {
    path: "ppi",
    kind: "json",
    what: "of each device, in the order of rr_interval_samples: `samples` (their number), error_estimate_millis (ms, a list), and skin_contact, movement and offline as texts of one character for each sample: 1 yes, 0 no, - not said",
  },
];

export interface PpiOfDay {
  readonly samples: SampleColumns<RrSample>;
  readonly quality: readonly (PpiQuality & { readonly samples: number })[];
}

interface Beat {
  readonly offsetMillis: number;
  readonly ppInterval?: number | null | undefined;
  readonly errorEstimateMillis?: number | null | undefined;
  readonly skinContact?: boolean | null | undefined;
  readonly movement?: boolean | null | undefined;
  readonly offline?: boolean | null | undefined;
}

/**
 * Returns the intervals of a day's devices, one device after the other, each in the order of time. Offsets count from
 * local midnight, and the body names no zone, so the times have none. An interval of 0 is none, and gives no sample.
 */
export function ppiOfDay(days: readonly V4PpiDay[]): PpiOfDay {
  const localMs: number[] = [];
  const intervals: (number | null)[] = [];
  const quality: (PpiQuality & { samples: number })[] = [];
  for (const { date, ppiSamplesPerDevice } of days) {
    const midnightMs = midnightOf(date);
    for (const { recordingDevice, ppiSamples } of ppiSamplesPerDevice ?? []) {
      const beats = inTime((ppiSamples ?? []).filter(({ ppInterval }) => positive(ppInterval) !== null));
      if (beats.length === 0) continue;
      for (const { offsetMillis, ppInterval } of beats) {
        localMs.push(midnightMs + offsetMillis);
        intervals.push(ppInterval ?? null);
      }
      quality.push({ device: recordingDevice?.uuid ?? null, samples: beats.length, ...qualityOf(beats) });
    }
  }
  const times = new SampleTimes({ localMs, offsetMinutes: null });
  return { samples: new SampleColumns(times, { rr_interval_ms: intervals, hr_bpm: null }), quality };
}

/** Two beats at one instant are told apart by their interval. */
const inTime = (beats: readonly Beat[]): readonly Beat[] =>
  beats.toSorted(
    (one, other) =>
      compareValues(one.offsetMillis, other.offsetMillis) ||
      compareValues(one.ppInterval ?? 0, other.ppInterval ?? 0) ||
      compareValues(one.errorEstimateMillis ?? -1, other.errorEstimateMillis ?? -1) ||
      compareValues(mark(one.skinContact), mark(other.skinContact)) ||
      compareValues(mark(one.movement), mark(other.movement)) ||
      compareValues(mark(one.offline), mark(other.offline)),
  );

const mark = (value: boolean | null | undefined): string => (value ? "1" : value === false ? "0" : "-");

function qualityOf(beats: readonly Beat[]): Omit<PpiQuality, "device"> {
  const text = (of: (beat: Beat) => boolean | null | undefined) =>
    beats.map((beat) => mark(of(beat))).join("");
  return {
    error_estimate_millis: beats.map(({ errorEstimateMillis }) => errorEstimateMillis ?? null),
    skin_contact: text(({ skinContact }) => skinContact),
    movement: text(({ movement }) => movement),
    offline: text(({ offline }) => offline),
  };
}
