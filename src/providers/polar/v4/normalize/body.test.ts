import { describe, expect, it } from "vitest";
import { asRead, models } from "../../../../models/index.ts";
import type { Part, ServedResource } from "../../../provider.ts";
import { normalizers } from "../../normalizers.ts";
import { physicalInfo } from "../../resources/physical-info.ts";
import { account } from "../resources/account.ts";
import { calendar } from "../resources/calendar.ts";
import { temperature } from "../resources/temperature.ts";
import { test } from "../resources/test.ts";
import { userDevices } from "../resources/user-devices.ts";
import { athleteOfV4 } from "./athlete.ts";
import { bodyOfV4 } from "./body.ts";

const day = "2031-03-04";
const parts = (resource: ServedResource, body: unknown): readonly Part[] => resource.parts(day, body);
const bodyOf = (...given: readonly (readonly Part[])[]) => {
  const made = bodyOfV4.normalize(given.flat(), day);
  if (made === null) return null;
  const record = asRead(made);
  models.body.parse(record);
  return record;
};
const info = {
  weight: 71.5,
  height: 180,
  restingHeartRate: 48,
  maximumHeartRate: 190,
  vo2Max: 52,
  birthday: "1990-05-06",
};
const fitness = (startTime: string, more: object = {}) => ({
  startTime,
  fitnessTestResult: { physicalInformation: { ...info, ...more } },
});

describe("the Body of a day with tests", () => {
  const tests = parts(test, {
    tests: [
      fitness(`${day}T18:00:00`, { vo2Max: 54 }),
      fitness(`${day}T08:00:00`),
      {
        startTime: `${day}T07:00:00`,
        orthostaticTestResult: { rmssdSupine: 41.5, rmssdStand: 22, rrAvgSupine: 980 },
      },
    ],
  });

  it("has the weight of each test, the last VO2max, and the HRV lying down as a sample", () => {
    expect(bodyOf(tests)).toMatchObject({
      metadata: { start_time: "2031-03-04T00:00:00.000000", end_time: "2031-03-05T00:00:00.000000" },
      measurements_data: {
        measurements: [
          { measurement_time: "2031-03-04T08:00:00.000000", weight_kg: 71.5, height_cm: 180 },
          { measurement_time: "2031-03-04T18:00:00.000000", weight_kg: 71.5, height_cm: 180 },
        ],
      },
      oxygen_data: { vo2max_ml_per_min_per_kg: 54 },
      heart_data: {
        heart_rate_data: {
          summary: { resting_hr_bpm: 48, user_max_hr_bpm: 190, avg_hrv_rmssd: null },
          detailed: { hrv_samples_rmssd: [{ timestamp: "2031-03-04T07:00:00.000000", hrv_rmssd: 41.5 }] },
        },
      },
    });
  });

  it("carries the whole result, and no birth date", () => {
    const text = JSON.stringify(bodyOf(tests));
    expect(text).toContain('"rmssdStand":22');
    expect(text).not.toContain("1990");
  });

  it("keeps the offset that a test came with", () => {
    const zoned = parts(test, { tests: [fitness(`${day}T08:00:00+02:00`)] });
    expect(bodyOf(zoned)).toMatchObject({ metadata: { start_time: "2031-03-04T00:00:00.000000+02:00" } });
  });

  it("takes zeros and a default weight for none", () => {
    const none = { weightSource: "WEIGHT_SOURCE_DEFAULT", height: 0, restingHeartRate: 0, vo2Max: 0 };
    expect(bodyOf(parts(test, { tests: [fitness(`${day}T08:00:00`, none)] }))).toMatchObject({
      measurements_data: { measurements: [] },
      oxygen_data: { vo2max_ml_per_min_per_kg: null },
      heart_data: { heart_rate_data: { summary: { resting_hr_bpm: null } } },
    });
  });
});

describe("the Body of a day with temperatures", () => {
  const recording = (measurementType: string, temperatureCelsius: number) => ({
    startTime: `${day}T01:00:00`,
    measurementType,
    temperatureMeasurementSamples: [{ recordingTimeDeltaMilliseconds: "90000", temperatureCelsius }],
  });

  it("tells those of the skin from those of the body, and carries the others", () => {
    const recordings = [
      recording("TM_SKIN_TEMPERATURE", 33.25),
      recording("MEASUREMENT_TYPE_CORE_TEMPERATURE", 36.5),
      recording("TM_AIR", 21),
    ];
    const record = bodyOf(parts(temperature, { temperatureMeasurementPeriod: recordings }));
    const timestamp = "2031-03-04T01:01:30.000000";
    expect(record).toMatchObject({
      temperature_data: {
        skin_temperature_samples: [{ timestamp, temperature_celsius: 33.25 }],
        body_temperature_samples: [{ timestamp, temperature_celsius: 36.5 }],
      },
    });
    expect(JSON.stringify(record)).toContain("TM_AIR");
  });
});

describe("the Body of a day in the calendar", () => {
  const entry = (fields: object) =>
    parts(calendar, { entries: [{ startTime: `${day}T06:30:00`, ...fields }] });

  it("has the weight", () => {
    expect(bodyOf(entry({ weight: 70.2 }))).toMatchObject({
      measurements_data: {
        measurements: [{ measurement_time: "2031-03-04T06:30:00.000000", weight_kg: 70.2 }],
      },
    });
  });

  it("does not exist for a note alone", () => {
    expect(bodyOf(entry({ notes: "tired" }))).toBeNull();
  });
});

describe("the Athlete of v4", () => {
  const physicalInformation = { ...info, sex: "FEMALE" };
  const given = [
    ...account.parts("current", { accountData: { physicalInformation, email: "a@b.example" } }),
    ...userDevices.parts("current", {
      devicesData: [{ deviceReference: { uuid: "u" } }],
      userDevicesData: {},
    }),
  ];

  it("has the person, the limits that hold now, and the devices, but no e-mail", () => {
    const record = athleteOfV4.normalize(given, "athlete");
    models.athlete.parse(record);
    expect(record).toMatchObject({
      sex: "female",
      gender: "female",
      date_of_birth: "1990-05-06",
      first_name: null,
      provider_data: {
        polar: {
          limits: { vo2max_ml_per_min_per_kg: 52, max_hr_bpm: 190, resting_hr_bpm: 48 },
          "v4-user-devices": { devicesData: [{ deviceReference: { uuid: "u" } }] },
        },
      },
    });
    expect(JSON.stringify(record)).not.toContain("example");
  });
});

describe("the Body of a day that both APIs have", () => {
  const both = normalizers.find(({ type }) => type === "body");
  const v3 = physicalInfo.parts("current", { weight: 72.5, height: 180, modified: `${day}T05:00:00Z` });
  const v4 = parts(calendar, {
    entries: [
      { startTime: `${day}T06:30:00Z`, weight: 71.25 },
      { date: day, weight: 72.5 },
    ],
  });

  it("has the weights of both, and one weight once", () => {
    const made = [
      [...v3, ...v4],
      [...v4, ...v3],
    ].map((given) => asRead(both?.normalize(given, day)));
    expect(made[0]).toEqual(made[1]);
    models.body.parse(made[0]);
    expect(made[0]).toMatchObject({
      measurements_data: {
        measurements: [
          { measurement_time: `${day}T05:00:00.000000+00:00`, weight_kg: 72.5, height_cm: 180 },
          { measurement_time: `${day}T06:30:00.000000+00:00`, weight_kg: 71.25, height_cm: null },
        ],
      },
      provider_data: {
        polar: {
          sources: {
            "measurements_data.measurements.0": "accesslink-v3",
            "measurements_data.measurements.1": "dynamic-v4",
          },
        },
      },
    });
  });
});
