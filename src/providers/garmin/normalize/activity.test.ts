/** An activity of Garmin's search as an Activity. */
import { describe, expect, it } from "vitest";
import { ActivityType, UploadType } from "../../../models/index.ts";
import { activityTypeOf } from "../sports.ts";
import * as bodies from "../testing/bodies.ts";
import { make, partsOf } from "../testing/make.ts";

const day = "2025-05-12";
const days = `${day}..${day}`;
const listed = (given: object) => make("activity", "900001", partsOf("activities", days, [given]));

describe("an activity", () => {
  it("names no city: Garmin's name of a place need not be one", () => {
    const record = listed(bodies.activity);
    expect(record?.metadata.city).toBeNull();
    expect(JSON.stringify(record)).toContain("Somewhere");
  });

  it("has Garmin's figures, sport, offset and zones", () => {
    const record = listed(bodies.activity);
    expect(record?.metadata).toMatchObject({
      summary_id: "900001",
      start_time: "2025-05-12T08:10:21.000000+02:00",
      end_time: "2025-05-12T08:47:26.000000+02:00",
      type: ActivityType.TrailRunning,
      upload_type: UploadType.Automatic,
      name: "Morning run",
    });
    expect(
      record?.heart_rate_data?.summary?.hr_zone_data?.map((one) => [one.zone, one.duration_seconds]),
    ).toEqual([
      [0, 376.5],
      [1, 1_601.75],
    ]);
    expect(record?.distance_data?.summary).toMatchObject({ distance_meters: 4_261.5, steps: 5_310 });
  });

  it("without an end ends after the time that passed, pauses included", () => {
    const record = listed({ ...bodies.activity, endTimeGMT: null });
    expect(record?.metadata.end_time).toBe("2025-05-12T08:47:26.500000+02:00");
  });

  it("entered by hand says so", () => {
    expect(listed({ ...bodies.activity, manualActivity: true })?.metadata.upload_type).toBe(
      UploadType.Manual,
    );
  });

  it("of a sport that is not known counts as its parent, else as Other", () => {
    expect(activityTypeOf({ type_key: "moon_walking_v9", parent_type_id: 9 })).toBe(ActivityType.Walking);
    expect(activityTypeOf({ type_key: "moon_walking_v9", parent_type_id: 77_777 })).toBe(ActivityType.Other);
    expect(activityTypeOf({ type_key: "constructor" })).toBe(ActivityType.Other);
    expect(activityTypeOf(null)).toBe(ActivityType.Unknown);
  });
});
