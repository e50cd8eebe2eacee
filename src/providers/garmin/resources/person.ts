/** The person's settings, their heart rate zones, and the goals for their weight. */
import { z } from "zod";
import { declareResource } from "../../kit/declare-resource.ts";
import { current, everything, listed, parseRange, rangeKey, single } from "../../kit/discovery.ts";
import { asSent } from "../../kit/fields.ts";
import { alsoIn, carried, composite, ignored } from "../../ledger.ts";
import { get, unavailable } from "../collection.ts";
import { each, numbers, words } from "../ledger-groups.ts";
import { garminApi, snakeCase } from "../names.ts";

/** GET /userprofile-service/userprofile/settings (Garmin's client, UserSettings). It has neither name nor id. */
export const userSettings = declareResource({
  name: "user-settings",
  api: garminApi,
  keyName: snakeCase,
  discovery: { ...single(false), unavailable },
  request: (key) => (key === current ? get("/userprofile-service/userprofile/settings") : null),
  schema: z.looseObject({ time_zone: asSent }),
  ledger: {
    time_zone: alsoIn(
      ["daily", "sleep", "body", "activity"].map((type) => `${type}.metadata.start_time`),
      carried(
        "IANA name of the person's time zone; tells the offset where Garmin's GMT or local time is missing",
      ),
    ),
    ...words({
      measurement_system: "metric, statute_us or statute_uk",
      preferred_locale: "language",
      glucose_measurement_unit: "unit of the app",
      hydration_measurement_unit: "unit of the app",
      wheelchair_mode_enabled: "whether pushes are counted in place of steps",
    }),
    ...each(
      ["available_training_days", "preferred_long_training_days", "hydration_containers"],
      composite(carried("the person's choice")),
    ),
    ...each(
      [
        "display_name",
        "first_day_of_week",
        "number_format",
        "time_format",
        "date_format",
        "power_format",
        "heart_rate_format",
        "golf_distance_unit",
        "golf_elevation_unit",
        "golf_speed_unit",
      ],
      ignored("how Garmin's app shows things; the name is the account's"),
    ),
  },
  keys: () => [current],
});

/** GET /biometric-service/heartRateZones/v2 (Garmin's client, HeartRateZones): one for each sport. */
export const heartRateZones = declareResource({
  name: "heart-rate-zones",
  api: garminApi,
  keyName: snakeCase,
  discovery: listed({ announced: false, reachDays: 1, unavailable }),
  request: (key) =>
    key === everything ? get("/biometric-service/heartRateZones/v2?generateDefaults=false") : null,
  schema: z.looseObject({ sport: z.string().min(1).max(100) }),
  ledger: {
    ...words({
      sport: "DEFAULT, RUNNING, CYCLING or another",
      training_method: "how the zones are computed",
      resting_hr_auto_update_used: "whether the resting rate follows the measured one",
      change_state: "Garmin's mark",
    }),
    ...numbers({
      resting_heart_rate_used: "bpm",
      lactate_threshold_heart_rate_used: "bpm",
      zone1_floor: "bpm",
      zone2_floor: "bpm",
      zone3_floor: "bpm",
      zone4_floor: "bpm",
      zone5_floor: "bpm",
      max_heart_rate_used: "bpm",
    }),
  },
  keys: ({ sport }) => [`sport/${sport}`],
});

/**
 * GET /goal-service/goal/user/effective/weightgoal/{from}/{to} (Garmin's client, UserGoalsRange). Asked for today's goals:
 * the newest answer stands, and replaces those before it.
 */
export const weightGoals = declareResource({
  name: "weight-goals",
  api: garminApi,
  keyName: snakeCase,
  discovery: { ...listed({ announced: false, reachDays: 1, unavailable }), key: rangeKey },
  request(key) {
    const range = parseRange(key);
    return range && get(`/goal-service/goal/user/effective/weightgoal/${range.from}/${range.to}`);
  },
  schema: z.looseObject({ user_goals: asSent, user_goal_ranges: asSent }),
  ledger: each(
    ["user_goals", "user_goal_ranges"],
    composite(
      carried("goals for the weight in grams, each with its dates; a range has a low and a high one"),
    ),
  ),
  keys: () => [current],
});
