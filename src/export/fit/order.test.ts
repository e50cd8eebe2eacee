/** The order of the messages of every file, with samples before the record's start and after its end. */
import fc from "fast-check";
import { readFitMessages } from "fit-file-parser";
import { expect, test } from "vitest";
import { complete, type DataType, formatTimestamp } from "../../models/index.ts";
import type { ExportableRecord } from "../contract.ts";
import { fit } from "./index.ts";

const noon = Date.UTC(2026, 1, 1, 12);
const at = (second: number) => formatTimestamp(noon + second * 1_000 + 3_600_000, 60);

/** Seconds from noon: the record is within the middle of them. */
const second = fc.integer({ min: -5_000, max: 5_000 });
const some = fc.uniqueArray(second, { minLength: 1, maxLength: 6 });
const span = fc.tuple(second, second).map(([one, other]) => [Math.min(one, other), Math.max(one, other)]);

interface Seconds {
  readonly span: readonly number[];
  readonly laps: readonly (readonly number[])[];
  readonly beats: readonly number[];
  readonly others: readonly number[];
}
const seconds: fc.Arbitrary<Seconds> = fc.record({
  span,
  laps: fc.array(span, { maxLength: 3 }),
  beats: some,
  others: some,
});

const samples = (times: readonly number[], fields: object) =>
  times.map((time) => ({ timestamp: at(time), ...fields }));
const device_data = { name: "Watch", other_devices: [{ name: "Strap" }] };
const heart = (given: Seconds) => ({
  summary: { resting_hr_bpm: 50, avg_hrv_rmssd: 40, hr_zone_data: [{ zone: 0, duration_seconds: 10 }] },
  detailed: {
    hr_samples: samples(given.beats, { bpm: 80 }),
    hrv_samples_rmssd: samples(given.others, { hrv_rmssd: 40 }),
  },
});

const contents: Readonly<Record<"activity" | "daily" | "sleep" | "body", (given: Seconds) => object>> = {
  activity: (given) => ({
    metadata: { summary_id: "one", type: 82, upload_type: 1 },
    heart_rate_data: heart(given),
    distance_data: { summary: { swimming: { pool_length_meters: 25 } } },
    oxygen_data: {
      vo2max_ml_per_min_per_kg: 50,
      saturation_samples: samples(given.others, { percentage: 97 }),
    },
    lap_data: {
      laps: given.laps.map(([from = 0, to = 0]) => ({
        start_time: at(from),
        end_time: at(to),
        distance_meters: 25,
      })),
    },
  }),
  daily: (given) => ({
    metadata: { upload_type: 1 },
    heart_rate_data: heart(given),
    calories_data: { BMR_calories: 1_800, total_burned_calories: 2_500 },
    distance_data: { steps: 100, detailed: { step_samples: samples(given.others, { steps: 5 }) } },
  }),
  sleep: (given) => ({
    metadata: { summary_id: "night", upload_type: 1 },
    heart_rate_data: heart(given),
    sleep_durations_data: { hypnogram_samples: samples(given.others, { level: 4 }) },
    temperature_data: { delta: 0.5 },
  }),
  body: (given) => ({
    heart_data: {
      heart_rate_data: heart(given),
      rr_interval_samples: samples(given.others, { rr_interval_ms: 800, hr_bpm: 75 }),
    },
    measurements_data: {
      measurements: given.beats.map((time) => ({
        measurement_time: at(time),
        weight_kg: 70,
        height_cm: 180,
      })),
    },
    blood_pressure_data: {
      blood_pressure_samples: samples(given.others, { systolic_bp: 120, diastolic_bp: 80 }),
    },
  }),
};
const types = ["activity", "daily", "sleep", "body"] as const;

function filesOf(type: (typeof types)[number], given: Seconds) {
  const [from = 0, to = 0] = given.span;
  const content = contents[type](given) as { readonly metadata?: object };
  const metadata = { ...content.metadata, start_time: at(from), end_time: at(to) };
  const data = complete(type as DataType, { ...content, device_data, metadata } as never);
  const person = { userId: "2f1c6a52-0c5b-4b5a-9b60-5d6b1f6a1e57", referenceId: null, provider: "POLAR" };
  const record = { ...person, type, naturalKey: "key", revision: 1, data } as ExportableRecord;
  return fit.write(record, { fhirBase: "https://example.com/fhir", birthDate: false })?.content ?? [];
}

const RECORD = 20;

test.each(types)("the messages of %s never go back in time", (type) => {
  fc.assert(
    fc.property(seconds, (given) => {
      const files = filesOf(type, given);
      expect(files.length).toBeGreaterThan(0);
      for (const { bytes } of files) {
        const messages = readFitMessages(bytes).messages.filter(({ timestamp }) => timestamp !== undefined);
        const times = messages.map(({ timestamp }) => timestamp ?? 0);
        expect(messages.length).toBeGreaterThan(2);
        expect(times).toEqual(times.toSorted((a, b) => a - b));
        const points = messages.filter((one) => one.globalMessageNumber === RECORD);
        expect(new Set(points.map(({ timestamp }) => timestamp)).size).toBe(points.length);
      }
    }),
    { numRuns: 300 },
  );
});
