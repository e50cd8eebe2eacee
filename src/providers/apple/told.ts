/** Values that the normalisers themselves add to `provider_data`. No body has them, so no ledger lists them. */
import type { Told } from "../provider-data.ts";

const clock: readonly Told[] = [
  {
    path: "clock.basis",
    kind: "text",
    what: "zone: HealthKit's time zone of a reading; offset: the one that the format states; setting: the zone that the person chose; utc: nothing is known, and times are UTC",
  },
  { path: "clock.zone", kind: "text", what: "the IANA time zone; null where only an offset is known" },
];

const dayClock: readonly Told[] = [
  ...clock,
  { path: "clock.hours", kind: "number", what: "h, the length of the day" },
];

const samples: Told = {
  path: "samples.samples",
  kind: "json",
  what: "readings of types without a Terra field: type, start_time, end_time, value, unit, source, and metadata where there is some",
};

export const toldOfDaily: readonly Told[] = [
  ...dayClock,
  {
    path: "totals",
    kind: "json",
    what: "sums of types without a Terra field, merged over sources: type, value, unit",
  },
  { path: "rings.active_energy_kcal", kind: "number", what: "kcal, Apple's own figure of the day" },
  { path: "rings.active_energy_goal_kcal", kind: "number", what: "kcal" },
  { path: "rings.move_minutes", kind: "number", what: "min, Apple's own figure of the day" },
  { path: "rings.move_goal_minutes", kind: "number", what: "min" },
  { path: "rings.exercise_minutes", kind: "number", what: "min, Apple's own figure of the day" },
  { path: "rings.exercise_goal_minutes", kind: "number", what: "min" },
  { path: "rings.stand_hours", kind: "number", what: "h, Apple's own figure of the day" },
  { path: "rings.stand_goal_hours", kind: "number", what: "h" },
  {
    path: "differs_from_rings",
    kind: "json",
    what: "figures merged from samples that differ from Apple's own by more than 2 %: field, merged, rings",
  },
  { path: "taken_from_rings", kind: "json", what: "fields that only the rings tell" },
  samples,
  { path: "journal", kind: "json", what: "states of mind, medications and notifications, as written" },
];

export const toldOfSleep: readonly Told[] = [
  ...clock,
  {
    path: "wrist_temperature_celsius",
    kind: "number",
    what: "°C, the night's own value; Terra's is a difference from a baseline",
  },
  { path: "breathing_disturbances", kind: "number", what: "count, the night's own value" },
];

export const toldOfActivity: readonly Told[] = [
  ...clock,
  { path: "pauses", kind: "json", what: "start_time and end_time of each pause" },
  { path: "events", kind: "json", what: "markers, and the segments that the watch makes by itself" },
  {
    path: "activities",
    kind: "json",
    what: "the parts of a workout of several sports: start_time, end_time, duration_seconds, statistics, metadata",
  },
  {
    path: "statistics",
    kind: "json",
    what: "Apple's own figures: type, unit, sum, average, minimum, maximum",
  },
  { path: "weather.temperature_celsius", kind: "number", what: "°C" },
  { path: "weather.humidity_percent", kind: "number", what: "%, 0 to 100" },
  { path: "metadata", kind: "json", what: "HealthKit's metadata of the workout, as written" },
  samples,
];

export const toldOfBody: readonly Told[] = [
  ...dayClock,
  { path: "ecgs", kind: "json", what: "start_time, classification as written and sampling_hz of each ECG" },
  { path: "glucose_meal_times", kind: "json", what: "timestamp and meal_time of glucose readings" },
  samples,
];

export const toldOfNutrition: readonly Told[] = [...dayClock, samples];

export const toldOfMenstruation: readonly Told[] = [...dayClock, samples];

export const toldOfAthlete: readonly Told[] = [
  { path: "blood_type", kind: "text", what: "as HealthKit names it" },
  { path: "skin_type", kind: "text", what: "as HealthKit names it: Fitzpatrick's types" },
];
