/** A day of Garmin's as a Daily. */
import { describe, expect, it } from "vitest";
import { UploadType } from "../../../models/index.ts";
import * as bodies from "../testing/bodies.ts";
import { make, partsOf } from "../testing/make.ts";

const day = "2025-05-12";
const days = `${day}..${day}`;
const daily = (body: object = bodies.day) => partsOf("daily-summary", day, body);

describe("a day", () => {
  it("has Garmin's figures in Terra's units", () => {
    const record = make("daily", day, daily());
    expect(record?.metadata).toMatchObject({
      start_time: "2025-05-12T00:00:00.000000+02:00",
      end_time: "2025-05-13T00:00:00.000000+02:00",
      upload_type: UploadType.Automatic,
    });
    expect(record?.calories_data).toMatchObject({
      total_burned_calories: 2_310,
      BMR_calories: 2_000,
      net_activity_calories: 310,
      net_intake_calories: null,
    });
    expect(record?.active_durations_data).toMatchObject({
      activity_seconds: 4_600,
      moderate_intensity_seconds: 720,
      vigorous_intensity_seconds: 300,
    });
    expect(record?.distance_data).toMatchObject({ steps: 8_765, distance_meters: 6_543, floors_climbed: 4 });
    expect(record?.stress_data).toMatchObject({ avg_stress_level: 27, max_stress_level: 95 });
  });

  it("has samples at their own instants; gaps give none", () => {
    const rates = partsOf("heart-rate", day, bodies.heartRateDay);
    const battery = partsOf("body-battery", days, [bodies.batteryDay]);
    const record = make("daily", day, daily(), rates, battery);
    expect(
      record?.heart_rate_data?.detailed?.hr_samples?.map(({ timestamp, bpm }) => [timestamp, bpm]),
    ).toEqual([
      ["2025-05-12T00:00:00.000000+02:00", 52],
      ["2025-05-12T00:04:00.000000+02:00", 54],
    ]);
    expect(record?.stress_data?.body_battery_samples).toEqual([
      { timestamp: "2025-05-12T00:00:00.000000+02:00", level: 30 },
      { timestamp: "2025-05-12T02:00:00.000000+02:00", level: 41 },
    ]);
  });

  it("reads rows by the names of their columns", () => {
    const turned = {
      ...bodies.heartRateDay,
      heartRateValueDescriptors: [
        { key: "heartrate", index: 0 },
        { key: "timestamp", index: 1 },
      ],
      heartRateValues: [[61, bodies.midnightMs]],
    };
    const record = make("daily", day, partsOf("heart-rate", day, turned));
    expect(record?.heart_rate_data?.detailed?.hr_samples?.[0]?.bpm).toBe(61);
  });

  it("without any value makes no record; −1 and −2 are no stress", () => {
    expect(make("daily", "2025-05-13", daily(bodies.emptyDay))).toBeNull();
    const record = make("daily", day, daily({ ...bodies.day, averageStressLevel: -1, maxStressLevel: -2 }));
    expect(record?.stress_data).toMatchObject({ avg_stress_level: null, max_stress_level: null });
  });

  it("that is not over ends at its own midnight, whatever its series say", () => {
    // Read at 08:31 local time: the local end is midnight, the GMT that of the latest sample.
    const morning = { ...bodies.heartRateDay, endTimestampGMT: "2025-05-12T06:31:00.0" };
    // A quarter of an hour off an hour looks like an offset.
    const later = { ...morning, endTimestampGMT: "2025-05-12T13:30:00.0" };
    for (const body of [morning, later])
      expect(make("daily", day, partsOf("heart-rate", day, body))?.metadata).toMatchObject({
        start_time: "2025-05-12T00:00:00.000000+02:00",
        end_time: "2025-05-13T00:00:00.000000+02:00",
      });
  });

  it("of a clock change has two offsets", () => {
    const changed = {
      ...bodies.day,
      wellnessEndTimeLocal: "2025-05-13T00:00:00.0",
      wellnessEndTimeGmt: "2025-05-12T23:00:00.0",
    };
    expect(make("daily", day, daily(changed))?.metadata).toMatchObject({
      start_time: "2025-05-12T00:00:00.000000+02:00",
      end_time: "2025-05-13T00:00:00.000000+01:00",
    });
  });
});
