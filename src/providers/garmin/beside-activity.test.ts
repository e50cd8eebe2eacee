/** Activity details and time zones: they fill the fields that the search leaves empty. */
import { describe, expect, it } from "vitest";
import { TimestampLocalization } from "../../models/index.ts";
import * as bodies from "./testing/bodies.ts";
import { make, partsOf } from "./testing/make.ts";

const days = "2025-05-12..2025-05-12";
const id = String(bodies.activity.activityId);
const listed = (changed: object = {}) => partsOf("activities", days, [{ ...bodies.activity, ...changed }]);
const detail = (changed: object = {}) => partsOf("activity", id, { ...bodies.activityDetail, ...changed });
const settings = (timeZone: unknown) => partsOf("user-settings", "current", { ...bodies.settings, timeZone });

describe("one activity by itself", () => {
  it("adds what the search lacks, and counts nothing twice", () => {
    const alone = make("activity", id, listed());
    const record = make("activity", id, listed(), detail());
    expect(record).toMatchObject({
      heart_rate_data: {
        summary: { min_hr_bpm: 88, avg_hr_bpm: alone?.heart_rate_data?.summary?.avg_hr_bpm },
      },
      calories_data: alone?.calories_data,
      distance_data: alone?.distance_data,
      metadata: alone?.metadata,
      oxygen_data: { avg_saturation_percentage: 94 },
      work_data: { work_kilojoules: 418.4 },
      device_data: {
        serial_number: "12345",
        other_devices: [
          { name: "A strap", manufacturer: "GARMIN", software_version: "6.4", serial_number: "1234567890" },
        ],
      },
      provider_data: {
        garmin: {
          activity: {
            time_zone_unit_dto: { time_zone: "Europe/Paris" },
            metadata_dto: { trimmed: true, sensors: [{ battery_level: 80 }] },
            summary_dto: { direct_workout_feel: 75, direct_workout_rpe: 40, recovery_heart_rate: 31 },
          },
        },
      },
    });
    expect(JSON.stringify(record)).not.toMatch(/9999|A Person/);
  });

  it("makes no activity without the search, and a value of 0 is none", () => {
    expect(make("activity", id, detail())).toBeNull();
    const empty = detail({
      summaryDTO: { minHR: 0, totalWork: 0, avgSpo2: 0 },
      metadataDTO: { sensors: null },
    });
    expect(make("activity", id, listed(), empty)).toMatchObject({
      heart_rate_data: { summary: { min_hr_bpm: null } },
      oxygen_data: { avg_saturation_percentage: null },
      work_data: { work_kilojoules: null },
      device_data: { other_devices: [] },
    });
  });
});

describe("the offset of an activity", () => {
  const localStart = (...beside: Parameters<typeof make<"activity">>[2][]) =>
    make("activity", id, listed({ startTimeLocal: null }), ...beside)?.metadata;

  it("without a local start is that of its own zone, else that of the settings, at its instant", () => {
    expect(localStart(detail(), settings("Asia/Tokyo"))?.start_time).toBe("2025-05-12T08:10:21.000000+02:00");
    expect(localStart(settings("Asia/Tokyo"))).toMatchObject({
      start_time: "2025-05-12T15:10:21.000000+09:00",
      end_time: "2025-05-12T15:47:26.000000+09:00",
      timestamp_localization: TimestampLocalization.Local,
    });
    const winter = { startTimeLocal: null, startTimeGMT: "2025-01-12 06:10:21", endTimeGMT: null };
    expect(make("activity", id, listed(winter), detail())?.metadata.start_time).toBe(
      "2025-01-12T07:10:21.000000+01:00",
    );
  });

  it("is that of the local start where there is one", () => {
    expect(make("activity", id, listed(), settings("Asia/Tokyo"))?.metadata.start_time).toBe(
      "2025-05-12T08:10:21.000000+02:00",
    );
  });

  it.each([null, "Mars/Olympus", 7])("is unknown with %s for a zone, and the record is in UTC", (zone) => {
    const unknown = detail({ timeZoneUnitDTO: { timeZone: zone } });
    expect(localStart(unknown, settings(zone))).toMatchObject({
      start_time: "2025-05-12T06:10:21.000000+00:00",
      timestamp_localization: TimestampLocalization.Utc,
    });
  });

  it("of a guided exercise without a local start is that of the settings", () => {
    const guided = partsOf("wellness-activities", days, [{ ...bodies.breathing, startTimestampLocal: null }]);
    const record = make("activity", bodies.breathing.activityUuid.uuid, guided, settings("Europe/Berlin"));
    expect(record?.metadata.start_time).toBe("2025-05-12T12:00:00.000000+02:00");
  });
});
