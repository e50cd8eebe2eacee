/** Activities of any content, for the tests. */
import fc from "fast-check";
import { type Activity, ActivityType, complete, formatTimestamp } from "../../../models/index.ts";

const start = Date.UTC(2026, 1, 1, 10);

const samplesInAll = 40;

const fraction = (least: number, greatest: number): fc.Arbitrary<number> =>
  fc.double({ min: least, max: greatest, noNaN: true });

/** Values in the range of the field; each sample may be missing. */
const series = <Value>(value: fc.Arbitrary<Value>) =>
  fc.array(fc.option(value, { freq: 8 }), { maxLength: samplesInAll });

const content = fc.record({
  type: fc.constantFrom(...Object.values(ActivityType)),
  offset: fc.constantFrom(0, 60, -210, 765),
  startMs: fc.integer({ min: 0, max: 999 }),
  stepMs: fc.constantFrom(500, 1000, 1250, 5000),
  metres: fc.option(fraction(0, 50_000)),
  meanBeats: fc.option(fc.integer({ min: 30, max: 220 })),
  /** Without gaps, so that each lap has points; a reader drops a lap without. */
  beats: fc.array(fraction(1, 254), { minLength: samplesInAll, maxLength: samplesInAll }),
  altitudes: series(fraction(-400, 8_000)),
  speeds: series(fraction(0, 90)),
  cadences: series(fraction(0, 250)),
  watts: series(fraction(0, 2_000)),
  distances: series(fraction(0, 40_000)),
  positions: series(fc.tuple(fraction(-90, 90), fraction(-180, 180))),
  muscle: series(fraction(0, 100)),
  laps: fc.integer({ min: 0, max: 4 }),
});

export const anyActivity: fc.Arbitrary<Activity> = content.map((given) => {
  const { offset, startMs, stepMs } = given;
  const at = (ms: number) => formatTimestamp(start + startMs + ms + offset * 60_000, offset);
  const samples = <Value, Fields>(values: readonly (Value | null)[], fieldsOf: (value: Value) => Fields) =>
    values.flatMap((value, index) =>
      value === null
        ? []
        : [{ timestamp: at(index * stepMs), timer_duration_seconds: null, ...fieldsOf(value) }],
    );
  const lengthMs = samplesInAll * stepMs;
  return complete("activity", {
    metadata: {
      summary_id: "generated",
      start_time: at(0),
      end_time: at(lengthMs),
      type: given.type,
      upload_type: 1,
    },
    distance_data: {
      summary: { distance_meters: given.metres },
      detailed: {
        distance_samples: samples(given.distances, (distance_meters) => ({ distance_meters })),
        elevation_samples: samples(given.altitudes, (elev_meters) => ({ elev_meters })),
      },
    },
    heart_rate_data: {
      summary: { avg_hr_bpm: given.meanBeats },
      detailed: { hr_samples: samples(given.beats, (bpm) => ({ bpm })) },
    },
    movement_data: {
      speed_samples: samples(given.speeds, (speed) => ({ speed_meters_per_second: speed })),
      cadence_samples: samples(given.cadences, (cadence_rpm) => ({ cadence_rpm })),
    },
    power_data: { power_samples: samples(given.watts, (watts) => ({ watts })) },
    position_data: {
      position_samples: samples(given.positions, (coords_lat_lng_deg) => ({ coords_lat_lng_deg })),
    },
    oxygen_data: {
      saturation_samples: samples(given.muscle, (percentage) => ({ percentage, type: 1 as const })),
    },
    lap_data: {
      laps: Array.from({ length: given.laps }, (_, index) => ({
        start_time: at((lengthMs / given.laps) * index),
        end_time: at((lengthMs / given.laps) * (index + 1)),
      })),
    },
  });
});
