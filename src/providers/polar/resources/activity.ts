/** A day's activity summary, with its steps and zones. */
import { z } from "zod";
import { everything, parseRange } from "../../kit/discovery.ts";
import { asSent, asSentInOrderOf, date, duration, integer, number, text, time } from "../../kit/fields.ts";
import { dateOf, isDate } from "../../kit/iso-time.ts";
import { carried, composite, identifying, type Ledger, mapped, numeric } from "../../ledger.ts";
import { ranged, resource } from "../resource.ts";

const stepsSchema = z.looseObject({
  interval_ms: number,
  total_steps: integer,
  samples: z.array(z.looseObject({ steps: integer, timestamp: time })).nullish(),
});

const zonesSchema = z.looseObject({
  samples: z.array(z.looseObject({ zone: text, timestamp: time })).nullish(),
});

/** GET /v3/users/activities/{date}?steps&activity_zones&inactivity_stamps. */
const schema = z.looseObject({
  start_time: time.nullish(),
  end_time: time.nullish(),
  active_duration: duration.nullish(),
  inactive_duration: duration.nullish(),
  daily_activity: asSent,
  calories: number,
  active_calories: number,
  steps: integer,
  inactivity_alert_count: asSent,
  distance_from_steps: number,
  samples: z
    .looseObject({
      date: date.nullish(),
      steps: stepsSchema.nullish(),
      activity_zones: zonesSchema.nullish(),
      /** Its shape is disputed (POLAR-API §3). */
      inactivity_stamps: asSentInOrderOf("stamp"),
    })
    .nullish(),
});

export type PolarActivityDay = z.output<typeof schema>;
export type PolarSteps = z.output<typeof stepsSchema>;

/** Sources: [O] Polar's OpenAPI description, [D] its HTML documentation, [R] captured bodies of real devices. */
const ledger: Ledger = {
  start_time: identifying(
    mapped(
      "daily.metadata.start_time",
      "key",
      "only its date, and only in lists without samples. Terra's day begins at midnight; a first day starts when the watch is put on [R]. Said to be UTC [O], yet local as seen [R]",
    ),
  ),
  end_time: identifying(
    mapped(
      "daily.active_durations_data.rest_seconds",
      "derived",
      "where the last zone ends. A day ends at T23:59:59 [R], so its last second is counted nowhere",
    ),
  ),
  active_duration: mapped(
    "daily.active_durations_data.activity_seconds",
    "converted to seconds",
    "equals LIGHT + MODERATE + VIGOROUS [R]",
  ),
  inactive_duration: mapped(
    "daily.active_durations_data.inactivity_seconds",
    "converted to seconds",
    "equals SEDENTARY [R]",
  ),
  daily_activity: numeric(
    carried(
      "% of the day's goal, and can exceed 100 (164.44 [R]); Terra's `scores.activity` ends at 100, and cutting would be a lie",
    ),
  ),
  calories: mapped(
    ["daily.calories_data.total_burned_calories", "daily.calories_data.BMR_calories"],
    "exact; derived: calories − active_calories",
    'kcal, "Total calories burned during the day" [O]',
  ),
  active_calories: mapped(
    ["daily.calories_data.net_activity_calories", "daily.calories_data.BMR_calories"],
    "exact; derived: calories − active_calories",
    'kcal, "excluding BMR" [O], so the rest of the total is the BMR',
  ),
  steps: mapped("daily.distance_data.steps", "exact", "[O]"),
  inactivity_alert_count: numeric(
    carried(
      'alerts given, not periods; Terra\'s `num_continuous_inactive_periods` is "Maximum number of continuous periods"',
    ),
  ),
  distance_from_steps: mapped("daily.distance_data.distance_meters", "exact", "metres [O]"),
  "samples.date": mapped("daily.metadata.start_time", "key", '"Activity day date" [O]'),
  "samples.steps.interval_ms": mapped(
    "daily.distance_data.detailed.step_samples.timestamp",
    "derived: start of the interval + interval_ms",
    "Terra's steps are up to the timestamp, Polar's begin at it",
  ),
  "samples.steps.total_steps": mapped(
    "daily.distance_data.detailed.step_samples.steps",
    "derived: chooses the reading of `samples`",
    "where no reading adds up to it, there are no step samples",
  ),
  "samples.steps.samples[].steps": mapped(
    "daily.distance_data.detailed.step_samples.steps",
    "derived: running sum",
    '"consecutive repeated (same steps count) samples are filtered out" [O], so one item holds for every interval until the next. Not seen from a device yet',
  ),
  "samples.steps.samples[].timestamp": mapped(
    "daily.distance_data.detailed.step_samples.timestamp",
    "exact",
    '"Start time of sample segment" [O]; local',
  ),
  "samples.activity_zones.samples[].zone": mapped(
    [
      "daily.active_durations_data.activity_levels_samples.activity_level",
      "daily.active_durations_data.rest_seconds",
      "daily.active_durations_data.low_intensity_seconds",
      "daily.active_durations_data.moderate_intensity_seconds",
      "daily.active_durations_data.vigorous_intensity_seconds",
    ],
    "converted; derived: until the next stamp",
    "SLEEP Rest, SEDENTARY Inactive, LIGHT Low, MODERATE Medium, VIGOROUS High; NON_WEAR [R] and any other Unknown",
  ),
  "samples.activity_zones.samples[].timestamp": mapped(
    [
      "daily.active_durations_data.activity_levels_samples.timestamp",
      "daily.active_durations_data.rest_seconds",
      "daily.active_durations_data.low_intensity_seconds",
      "daily.active_durations_data.moderate_intensity_seconds",
      "daily.active_durations_data.vigorous_intensity_seconds",
    ],
    "exact; derived: until the next stamp",
    "local",
  ),
  "samples.inactivity_stamps": composite(
    carried("when alerts were given, local; as it was sent, since its shape is disputed"),
  ),
};

const path = "/v3/users/activities";
const query = "steps=true&activity_zones=true&inactivity_stamps=true";

export const activity = resource({
  name: "activity",
  schema,
  ledger,
  discovery: ranged(365, true),
  envelope: "activities",
  path: (key) => {
    if (key === everything) return `${path}?${query}`;
    const range = parseRange(key);
    if (range) return `${path}?from=${range.from}&to=${range.to}&${query}`;
    return isDate(key) ? `${path}/${key}?${query}` : null;
  },
  // The samples contain the date. Without them, the key is the day that was asked for, or the one on which the activity
  // starts.
  keys: ({ samples, start_time }, askedKey) => {
    if (samples?.date) return [samples.date];
    if (isDate(askedKey)) return [askedKey];
    return start_time ? [dateOf(start_time)] : null;
  },
});
