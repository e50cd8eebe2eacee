import { describe, expect, it } from "vitest";
import type { Part } from "../../provider.ts";
import { fixture, make, partsOf } from "../testing/bodies.ts";

const partsOfAll = (...names: readonly string[]) =>
  names.flatMap((name) => partsOf(name, "*", fixture(name)));
const bodyOf = (parts: readonly Part[]) => make("body", parts);
const onDay = (date: string, ...names: readonly string[]) =>
  partsOfAll(...names).filter(({ key }) => key === date);
const isoOf = (epochSeconds: number) => new Date(epochSeconds * 1000).toISOString();

describe("a day's body", () => {
  const day = onDay("2025-05-11", "body-temperature", "ecg", "spo2", "skin-contacts");
  const body = bodyOf(day);

  it("is one record of a UTC day, made of all measurements", () => {
    expect(new Set(day.map(({ resource }) => resource)).size).toBe(4);
    expect(body.metadata).toEqual({
      start_time: "2025-05-11T00:00:00.000000+00:00",
      end_time: "2025-05-12T00:00:00.000000+00:00",
      timestamp_localization: 0,
    });
    expect(body.temperature_data?.skin_temperature_samples).toHaveLength(1);
    expect(body.heart_data?.ecg_signal).toHaveLength(1);
    expect(body.oxygen_data?.saturation_samples).toHaveLength(2);
  });

  it("has temperatures in their fields, in order, at start and delta, in UTC; nulls give no sample", () => {
    expect(body.temperature_data).toMatchObject({
      skin_temperature_samples: [
        { timestamp: "2025-05-11T21:00:00.125000+00:00", temperature_celsius: 33.1 },
      ],
      body_temperature_samples: [
        { timestamp: "2025-05-11T22:00:00.000000+00:00", temperature_celsius: 36.8 },
        { timestamp: "2025-05-12T00:00:00.250000+00:00", temperature_celsius: 36.72 },
      ],
      day_avg_skin_temperature_celsius: null,
    });
    const unknown = bodyOf(onDay("2025-05-12", "body-temperature")).temperature_data;
    expect([unknown?.skin_temperature_samples, unknown?.body_temperature_samples]).toEqual([[], []]);
  });

  it("has the ECG in the test's own offset and exact microvolts", () => {
    expect(isoOf(1_746_943_200)).toBe("2025-05-11T06:00:00.000Z");
    expect(body.heart_data?.ecg_signal).toEqual([
      {
        start_timestamp: "2025-05-11T09:00:00.000000+03:00",
        avg_hr_bpm: 58,
        afib_classification: null,
        raw_signal: [
          { timestamp: "2025-05-11T09:00:00.000000+03:00", potential_uV: 123 },
          { timestamp: "2025-05-11T09:00:00.008000+03:00", potential_uV: -34.5 },
          { timestamp: "2025-05-11T09:00:00.016000+03:00", potential_uV: null },
        ],
      },
    ]);
    // One value for the whole test is no interval "for a specific heart beat", so it is only carried.
    expect(body.heart_data?.rr_interval_samples).toEqual([]);
    expect(body).toMatchObject({ provider_data: { polar: { ecg: [{ rri_ms: 1034.5 }] } } });
    expect(JSON.stringify(body)).not.toMatch(/"hrv_rmssd":\d/);
  });

  it.each([
    [0.1235, 123.5],
    [1.005, 1005],
    [4.35, 4350],
    [-0.0000001, -0.0001],
    [0, 0],
  ])("%d mV are exactly %d µV", (amplitude_mv, microvolts) => {
    const tests = [{ test_time: 1_746_943_200, samples: [{ recording_time_delta_ms: 0, amplitude_mv }] }];
    const [reading] = bodyOf(partsOf("ecg", "*", tests)).heart_data?.ecg_signal ?? [];
    expect(reading?.raw_signal?.[0]?.potential_uV).toBe(microvolts);
  });

  it("has SpO2 of the tests that passed, whether their time is seconds or milliseconds", () => {
    expect(body.oxygen_data).toMatchObject({
      avg_saturation_percentage: null,
      saturation_samples: [
        { timestamp: "2025-05-11T09:00:00.000000+03:00", percentage: 96, type: 0 },
        { timestamp: "2025-05-11T09:30:00.000000+03:00", percentage: 97, type: 0 },
      ],
    });
  });

  it("carries values without a Terra field, with the values that identify them", () => {
    expect(body).toMatchObject({
      provider_data: {
        polar: {
          ecg: [
            {
              test_time: 1_746_943_200,
              heart_rate_variability_ms: 41.5,
              pulse_transit_time_systolic_ms: 262.5,
            },
          ],
          "skin-contacts": [{ skin_contact_changes: [{ skin_contact: true }, { skin_contact: false }] }],
          spo2: [
            { test_time: 1_746_943_200 },
            { test_time: 1_746_945_000_000, altitude_meters: 12.5 },
            { test_status: "SPO2_TEST_INCONCLUSIVE_TOO_LOW_OVERALL_QUALITY" },
          ],
        },
      },
    });
  });

  it("has the physical info of the day too; physical info alone keeps the day of its own timestamp", () => {
    const info = partsOf("physical-info", "current", {
      modified: "2025-05-11T23:30:00+02:00",
      weight: 70.5,
      vo2_max: 51,
    }).filter(({ key }) => key === "2025-05-11");
    expect(bodyOf(info).metadata.start_time).toBe("2025-05-11T00:00:00.000000+02:00");
    const both = bodyOf([...info, ...day]);
    expect(both.metadata.start_time).toBe("2025-05-11T00:00:00.000000+00:00");
    expect(both.measurements_data?.measurements).toMatchObject([{ weight_kg: 70.5 }]);
    expect(both.oxygen_data).toMatchObject({ vo2max_ml_per_min_per_kg: 51, avg_saturation_percentage: null });
  });
});

describe("lists of a day", () => {
  const tests = fixture("spo2") as readonly object[];
  const keysOf = (asked: string, body: unknown) => partsOf("spo2", asked, body).map(({ key }) => key);
  const early = { test_time: 1_746_835_200, blood_oxygen_percent: 95 };

  it("are the same in any order, and contain a repeated item once", () => {
    const expected = partsOf("spo2", "*", tests);
    expect(partsOf("spo2", "*", [...tests].reverse())).toEqual(expected);
    expect(partsOf("spo2", "*", [...tests, ...tests])).toEqual(expected);
  });

  it("leave out days that the call did not ask for, since those could be incomplete", () => {
    expect(keysOf("*", [early, ...tests])).toEqual(["2025-05-10", "2025-05-11"]);
    expect(keysOf("2025-05-11..2025-05-12", [early, ...tests])).toEqual(["2025-05-11"]);
    expect(keysOf("2025-05-10", [early, ...tests])).toEqual(["2025-05-10"]);
  });

  it("are not lost for one that cannot be read", () => {
    const bad = { ...early, test_time: "yesterday" };
    expect(() => partsOf("spo2", "*", [bad, ...tests])).toThrow(
      expect.objectContaining({
        code: "PROVIDER_BODY_INVALID",
        readable: [expect.objectContaining({ key: "2025-05-11" })],
      }),
    );
  });
});

describe("the night's parts", () => {
  const night = partsOf("sleep", "*", fixture("sleep-midnight"));
  const rest = onDay("2025-05-12", "skin-temperature", "sleepwise-alertness", "sleepwise-circadian-bedtime");

  it("give the night's record its skin deviation", () => {
    const sleep = make("sleep", [...night, ...rest]);
    expect(sleep.metadata.summary_id).toBe("2025-05-12");
    expect(sleep.temperature_data).toEqual({ delta: -0.35 });
    expect(make("sleep", night).temperature_data).toEqual({ delta: null });
  });

  it("carry SleepWise by the local day the sleep ended on, naps and all", () => {
    expect(partsOfAll("sleepwise-alertness").map(({ key }) => key)).toEqual(["2025-05-12", "2025-05-13"]);
    expect(make("sleep", [...night, ...rest])).toMatchObject({
      provider_data: {
        polar: {
          "skin-temperature": [{ sleep_time_skin_temperature_celsius: 34.61 }],
          "sleepwise-alertness": [
            { grade: 7.4, sleep_inertia: null, hourly_data: [{ alertness_level: "ALERTNESS_LEVEL_LOW" }] },
            { grade: 5.1, sleep_type: "SLEEP_TYPE_SECONDARY" },
          ],
          "sleepwise-circadian-bedtime": [{ sleep_gate_start_time: "2025-05-11T20:15:00" }],
        },
      },
    });
    expect(make("sleep", [...night, ...rest]).readiness_data?.readiness ?? null).toBeNull();
  });

  it("are joined by the sleep's end where Polar gives one", () => {
    const [item] = fixture("sleepwise-circadian-bedtime") as readonly object[];
    const moved = { ...item, sleep_period_end_time: "2025-05-13T03:00:00" };
    expect(partsOf("sleepwise-circadian-bedtime", "*", [moved]).map(({ key }) => key)).toEqual([
      "2025-05-13",
    ]);
  });
});
