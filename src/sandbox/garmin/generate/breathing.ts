/** Guided exercises: breathing. */
import { bounds, type Day, deviceId, hour, minute, numberOf, uuidOf } from "./plan.ts";

/** Breathing at noon. */
export function breathingBody(day: Day): object {
  const start = day.midnight + 12 * hour;
  const uuid = uuidOf(day, "breathing");
  return {
    userProfilePk: day.person,
    activityUuid: {
      leastSignificantBits: -numberOf(day, "least"),
      mostSignificantBits: numberOf(day, "most"),
      baseUUID: uuid,
      uuid,
    },
    calendarDate: day.date,
    rulePK: 2,
    activityName: "Breathing",
    notes: null,
    wellnessActivityType: "BREATHING",
    ...bounds(day, start, start + 5 * minute),
    summaryTypeDataList: [{ summaryType: "HEART_RATE", minValue: 52, maxValue: 70, avgValue: 60 }],
    timeInZoneList: [{ zoneNumber: 1, millisInZone: 240_000, zoneLowBoundary: 95 }],
    deviceMetaData: {
      deviceId,
      deviceTypeId: 40_000,
      deviceVersionId: 1_003_000,
      deviceVersion: "12.27",
      deviceName: "Sandbox watch",
    },
  };
}
