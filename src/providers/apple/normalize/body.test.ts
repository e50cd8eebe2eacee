import { describe, expect, it } from "vitest";
import type { Part } from "../../provider.ts";
import { growingBeats, growingEcg } from "../healthkit/growing-parts.ts";
import type { Ecg } from "../healthkit/readings.ts";
import type { Sample } from "../healthkit/sample.ts";
import { app, make, makeAll, partsOf, sample, settings, spanOf, watch } from "../testing/person.ts";

const date = "2026-01-10";
const quantity = (name: string, time: string, value: number, more: Partial<Sample> = {}) =>
  sample(`HKQuantityTypeIdentifier${name}`, `${date}T${time}`, value, more);
const bodyOf = (...samples: Sample[]) => make("body", date, partsOf(samples));

describe("the measurements of a body", () => {
  it("of one moment and source are one, in Terra's units", () => {
    const body = bodyOf(
      quantity("BodyMass", "07:00", 71.4),
      quantity("BodyFatPercentage", "07:00", 0.271),
      quantity("LeanBodyMass", "07:00", 52.05),
      quantity("BodyMassIndex", "07:00", 22.1),
      quantity("BodyMass", "19:00", 72),
      quantity("Height", "08:00", 1.8034, { source: app }),
    );
    const { measurements } = body?.measurements_data ?? {};
    expect(
      measurements?.map(({ weight_kg, bodyfat_percentage, lean_mass_g, BMI, height_cm }) => [
        weight_kg,
        bodyfat_percentage,
        lean_mass_g,
        BMI,
        height_cm,
      ]),
    ).toEqual([
      [71.4, 27.1, 52_050, 22.1, null],
      [null, null, null, null, 180.34],
      [72, null, null, null, null],
    ]);
    expect(body?.measurements_data?.day_avg_weight_kg).toBe(71.7);
  });

  it("of one moment and two sources are two", () => {
    const body = bodyOf(
      quantity("BodyMass", "07:00", 71.4),
      quantity("BodyMass", "07:00", 71.9, { source: app }),
    );
    expect(body?.measurements_data?.measurements?.map(({ weight_kg }) => weight_kg)).toHaveLength(2);
  });

  it("keep every dose of insulin, with its kind", () => {
    const body = bodyOf(
      quantity("InsulinDelivery", "08:00", 4, { metadata: { HKInsulinDeliveryReason: "2" } }),
      quantity("InsulinDelivery", "08:00", 10, { metadata: { reason: "Basal" } }),
    );
    const doses = body?.measurements_data?.measurements?.map((one) => [one.insulin_units, one.insulin_type]);
    expect(doses).toHaveLength(2);
    expect(doses).toEqual(
      expect.arrayContaining([
        [4, "bolus"],
        [10, "basal"],
      ]),
    );
  });

  it("pair a blood pressure by its moment, and keep half of one", () => {
    const body = bodyOf(
      quantity("BloodPressureSystolic", "07:10", 121),
      quantity("BloodPressureDiastolic", "07:10", 79),
      quantity("BloodPressureSystolic", "20:00", 130),
    );
    expect(body?.blood_pressure_data).toEqual({
      day_avg_systolic_bp: 125.5,
      day_avg_diastolic_bp: 79,
      blood_pressure_samples: [
        { timestamp: "2026-01-10T07:10:00.000000+00:00", systolic_bp: 121, diastolic_bp: 79 },
        { timestamp: "2026-01-10T20:00:00.000000+00:00", systolic_bp: 130, diastolic_bp: null },
      ],
    });
  });

  it("have glucose in mg/dL under both names, and the meal beside", () => {
    const body = bodyOf(
      quantity("BloodGlucose", "08:00", 97.28, { metadata: { HKBloodGlucoseMealTime: "1" } }),
    );
    expect(body?.glucose_data).toMatchObject({
      day_avg_blood_glucose_mg_per_dL: 97.28,
      day_avg_blood_glucose_mg_per_dl: 97.28,
    });
    expect(body?.provider_data?.apple.glucose_meal_times).toEqual([
      { timestamp: "2026-01-10T08:00:00.000000+00:00", meal_time: "before meal" },
    ]);
  });

  it("tell the wrist's temperature as the skin's, and no basal one as the body's", () => {
    const body = bodyOf(
      quantity("AppleSleepingWristTemperature", "01:00/06:00", 35.9),
      quantity("BodyTemperature", "08:00", 37.1),
      quantity("BasalBodyTemperature", "07:00", 36.5),
      quantity("VO2Max", "09:00", 44.2),
    );
    expect(body?.temperature_data).toMatchObject({
      day_avg_body_temperature_celsius: 37.1,
      day_avg_skin_temperature_celsius: 35.9,
    });
    expect(body?.oxygen_data?.vo2max_ml_per_min_per_kg).toBe(44.2);
    expect(body?.provider_data?.apple.samples).toMatchObject({
      samples: [{ type: "HKQuantityTypeIdentifierBasalBodyTemperature", value: 36.5, unit: "degC" }],
    });
  });
});

describe("an ECG", () => {
  const ecg = (more: Partial<Ecg> = {}): Part => ({
    resource: "ecgs",
    key: date,
    value: [
      growingEcg({
        uuid: null,
        ...spanOf(`${date}T23:30/23:31`),
        zone: null,
        offsetMinutes: null,
        source: watch,
        classification: 1,
        classificationText: "Sinus Rhythm",
        averageHeartRate: 64,
        samplingHz: 512,
        microvolts: [12.5, null, -3],
        metadata: {},
        ...more,
      }),
    ],
  });

  it("has its signal in microvolts at its own rate, and its classification", () => {
    const [reading] = make("body", date, [ecg()])?.heart_data?.ecg_signal ?? [];
    expect(reading).toEqual({
      start_timestamp: "2026-01-10T23:30:00.000000+00:00",
      avg_hr_bpm: 64,
      afib_classification: 0,
      raw_signal: [
        { timestamp: "2026-01-10T23:30:00.000000+00:00", potential_uV: 12.5 },
        { timestamp: "2026-01-10T23:30:00.001000+00:00", potential_uV: null },
        { timestamp: "2026-01-10T23:30:00.003000+00:00", potential_uV: -3 },
      ],
    });
  });

  it.each([
    [1, 0],
    [2, 1],
    [3, 2],
    [4, 2],
    [5, 2],
    [6, 2],
    [100, null],
    [0, null],
    [null, null],
  ])("of HealthKit's classification %s is Terra's %s", (classification, flag) => {
    const { heart_data } = make("body", date, [ecg({ classification })]) ?? {};
    expect(heart_data?.afib_classification_samples?.map((one) => one.afib_classification)).toEqual([flag]);
  });

  it("belongs to the local day, and a translated classification stays as written", () => {
    const parts = [
      ecg({ classification: null, classificationText: "Ritmo sinusal" }),
      settings({ zone: "Asia/Tokyo" }),
    ];
    const [[key, body] = []] = makeAll("body", parts);
    expect(key).toBe("2026-01-11");
    expect(body?.provider_data?.apple.ecgs).toEqual([
      { start_time: "2026-01-11T08:30:00.000000+09:00", classification: "Ritmo sinusal", sampling_hz: 512 },
    ]);
  });
});

describe("beats", () => {
  it("are intervals of 60,000 ms through the rate", () => {
    const span = spanOf(`${date}T08:00/08:01`);
    const beats = [
      { atMs: span.startMs + 800, bpm: 75 },
      { atMs: span.startMs, bpm: 60 },
    ];
    const part = { resource: "beats", key: date, value: [growingBeats({ ...span, source: watch, beats })] };
    expect(make("body", date, [part])?.heart_data?.rr_interval_samples).toEqual([
      { timestamp: "2026-01-10T08:00:00.000000+00:00", rr_interval_ms: 1_000, hr_bpm: 60 },
      { timestamp: "2026-01-10T08:00:00.800000+00:00", rr_interval_ms: 800, hr_bpm: 75 },
    ]);
  });
});
