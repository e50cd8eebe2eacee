/** A person's settings and zones. */
import type { Profile } from "../state.ts";

const format = (formatId: number, formatKey: string, displayFormat: string | null): object => ({
  formatId,
  formatKey,
  minFraction: 0,
  maxFraction: 0,
  groupingUsed: false,
  displayFormat,
});

export const userSettings = ({ time_zone: timeZone }: Profile): object => ({
  displayName: "sandbox-person",
  preferredLocale: "en",
  measurementSystem: "metric",
  firstDayOfWeek: { dayId: 3, dayName: "monday", sortOrder: 3, isPossibleFirstDay: true },
  numberFormat: "decimal_period",
  timeFormat: format(33, "time_twenty_four_hr", "HH:mm"),
  dateFormat: format(24, "ddmmyyyy", "d MMM yyyy"),
  powerFormat: format(30, "watt", null),
  heartRateFormat: format(21, "bpm", null),
  timeZone,
  hydrationMeasurementUnit: "milliliter",
  hydrationContainers: [{ name: "Glass", volume: 250, unit: "milliliter" }],
  glucoseMeasurementUnit: null,
  golfDistanceUnit: "metric",
  golfElevationUnit: null,
  golfSpeedUnit: null,
  wheelchairModeEnabled: false,
  availableTrainingDays: ["MONDAY", "WEDNESDAY", "SATURDAY"],
  preferredLongTrainingDays: ["SATURDAY"],
});

const zones = (sport: string, lactate: number): object => ({
  trainingMethod: "HR_MAX",
  restingHeartRateUsed: null,
  lactateThresholdHeartRateUsed: lactate,
  zone1Floor: 92,
  zone2Floor: 110,
  zone3Floor: 129,
  zone4Floor: 147,
  zone5Floor: 166,
  maxHeartRateUsed: 184,
  restingHrAutoUpdateUsed: false,
  sport,
});

export const heartRateZones = [zones("DEFAULT", 163), zones("RUNNING", 166)] as const;
