import { describe, expect, it } from "vitest";
import { TimestampLocalization } from "../../../models/index.ts";
import { fixture, make, partsOf } from "../testing/bodies.ts";

const info = fixture("physical-info") as Record<string, unknown>;
const user = fixture("user") as Record<string, unknown>;
const bodyOf = (change: object) => make("body", partsOf("physical-info", "current", { ...info, ...change }));
const athleteOf = (...parts: [string, unknown][]) =>
  make(
    "athlete",
    parts.flatMap(([resource, body]) => [...partsOf(resource, "current", body)]),
  );

describe("physical info", () => {
  it("is a body on the day it was last changed, in Polar's UTC", () => {
    const body = bodyOf({});
    expect(body.metadata).toEqual({
      start_time: "2024-06-10T00:00:00.000000+00:00",
      end_time: "2024-06-11T00:00:00.000000+00:00",
      timestamp_localization: TimestampLocalization.Utc,
    });
    expect(body.measurements_data?.measurements).toEqual([
      expect.objectContaining({
        measurement_time: "2024-06-10T22:30:15.250000+00:00",
        weight_kg: 70.5,
        height_cm: 175,
        BMI: null,
        bodyfat_percentage: null,
      }),
    ]);
    expect(body.oxygen_data?.vo2max_ml_per_min_per_kg).toBe(50);
    expect(body.heart_data?.heart_rate_data?.summary).toMatchObject({
      resting_hr_bpm: 60,
      user_max_hr_bpm: 190,
    });
  });

  it("is dated by its creation when it was never changed, else not at all", () => {
    expect(bodyOf({ modified: null }).metadata.start_time).toBe("2024-06-01T00:00:00.000000+00:00");
    expect(() => bodyOf({ modified: null, created: undefined })).toThrow();
  });

  it("has no weight when Polar filled in a default", () => {
    const [measurement] = bodyOf({ weight_source: "SOURCE_DEFAULT" }).measurements_data?.measurements ?? [];
    expect(measurement?.weight_kg).toBeNull();
  });

  it("has null for zeros", () => {
    const body = bodyOf({ weight: 0, vo2_max: 0, resting_heart_rate: 0 });
    expect(body.measurements_data?.measurements?.[0]?.weight_kg).toBeNull();
    expect(body.oxygen_data?.vo2max_ml_per_min_per_kg).toBeNull();
    expect(body.heart_data?.heart_rate_data?.summary?.resting_hr_bpm).toBeNull();
  });
});

describe("an athlete", () => {
  it("is the user with the physical info", () => {
    expect(athleteOf(["user", user], ["physical-info", { ...info, gender: "MALE" }])).toMatchObject({
      first_name: "Eka",
      last_name: "Toka",
      sex: "female",
      gender: "male",
      date_of_birth: "1985-09-06",
      provider_user_id: "475",
      age: null,
      account_creation_date: null,
    });
  });

  it("has the present limits beside it, in Terra's units, and nothing where there are none", () => {
    const limits = { vo2_max: 51, maximum_heart_rate: 188, resting_heart_rate: 0 };
    expect(athleteOf(["physical-info", { birthday: "1990-01-01", ...limits }])).toMatchObject({
      provider_data: {
        polar: { limits: { vo2max_ml_per_min_per_kg: 51, max_hr_bpm: 188, resting_hr_bpm: null } },
      },
    });
    expect(JSON.stringify(athleteOf(["user", user]))).not.toContain("limits");
  });

  it("has the data of one of them while the other is missing", () => {
    expect(athleteOf(["physical-info", info])).toMatchObject({
      sex: "female",
      date_of_birth: "1990-01-01",
      first_name: null,
    });
    expect(athleteOf(["user", user])).toMatchObject({ gender: "female", date_of_birth: "1985-09-06" });
  });
});
