/** Activities, as the search lists them. */
import { z } from "zod";
import { asSent, idText, integer, number, text } from "../../kit/fields.ts";
import { alsoIn, carried, composite, identifying, ignored, type Ledger, mapped } from "../../ledger.ts";
import type { ProviderRequest, ProviderResponse, ResourceRef } from "../../provider.ts";
import { declareRanges } from "../collection.ts";
import { each, numbers, words } from "../ledger-groups.ts";
import { garminTime } from "../times.ts";
import { activity } from "./activity.ts";
import { activityFile, hasFile } from "./activity-file.ts";

/** Garmin's client, SummarizedActivity. */
const schema = z.looseObject({
  activity_id: idText,
  activity_name: text,
  start_time_gmt: garminTime,
  start_time_local: garminTime.nullish(),
  end_time_gmt: garminTime.nullish(),
  activity_type: z.looseObject({ type_key: text, parent_type_id: number }).nullish(),
  manual_activity: z.boolean().nullish(),
  is_manual_activity: z.boolean().nullish(),
  distance: number,
  duration: number,
  elapsed_duration: number,
  moving_duration: number,
  elevation_gain: number,
  elevation_loss: number,
  min_elevation: number,
  max_elevation: number,
  avg_elevation: number,
  average_speed: number,
  max_speed: number,
  start_latitude: number,
  start_longitude: number,
  end_latitude: number,
  end_longitude: number,
  calories: number,
  bmr_calories: number,
  average_hr: number,
  max_hr: number,
  average_running_cadence_in_steps_per_minute: number,
  max_running_cadence_in_steps_per_minute: number,
  average_biking_cadence_in_rev_per_minute: number,
  max_biking_cadence_in_rev_per_minute: number,
  steps: integer,
  strokes: number,
  active_lengths: integer,
  avg_power: number,
  max_power: number,
  floors_climbed: number,
  moderate_intensity_minutes: number,
  vigorous_intensity_minutes: number,
  v_o2_max_value: number,
  training_stress_score: number,
  intensity_factor: number,
  norm_power: number,
  manufacturer: text,
  device_id: asSent,
  hr_time_in_zone_1: number,
  hr_time_in_zone_2: number,
  hr_time_in_zone_3: number,
  hr_time_in_zone_4: number,
  hr_time_in_zone_5: number,
});

export type GarminActivity = z.output<typeof schema>;

const summary = "activity.distance_data.summary";
const cadence = "activity.movement_data.";

/** Sources: [O] Garmin's own client, [P] captured bodies. */
const ledger: Ledger = {
  activity_id: identifying(mapped("activity.metadata.summary_id", "exact")),
  activity_name: mapped("activity.metadata.name", "exact"),
  start_time_gmt: mapped("activity.metadata.start_time", "exact"),
  start_time_local: mapped("activity.metadata.start_time", "derived: the offset is local − GMT"),
  end_time_gmt: mapped("activity.metadata.end_time", "exact", "else start + elapsed duration"),
  "activity_type.type_key": mapped("activity.metadata.type", "converted", "by Garmin's list of sports"),
  "activity_type.parent_type_id": mapped("activity.metadata.type", "derived: for keys that are not known"),
  ...each(
    ["type_id", "is_hidden", "restricted", "trimmable", "sort_order"].map((name) => `activity_type.${name}`),
    ignored("says how Garmin's app treats the sport"),
  ),
  ...each(
    ["manual_activity", "is_manual_activity"],
    alsoIn("activity.metadata.upload_type", carried("true → Manual, false → Automatic")),
  ),
  distance: mapped(`${summary}.distance_meters`, "exact", "metres"),
  duration: mapped("activity.active_durations_data.activity_seconds", "exact", "seconds without pauses"),
  elapsed_duration: mapped("activity.metadata.end_time", "derived: start + elapsed duration", "seconds"),
  elevation_gain: mapped(`${summary}.elevation.gain_actual_meters`, "exact", "metres"),
  elevation_loss: mapped(`${summary}.elevation.loss_actual_meters`, "exact", "metres"),
  min_elevation: mapped(`${summary}.elevation.min_meters`, "exact", "metres"),
  max_elevation: mapped(`${summary}.elevation.max_meters`, "exact", "metres"),
  avg_elevation: mapped(`${summary}.elevation.avg_meters`, "exact", "metres"),
  average_speed: mapped("activity.movement_data.avg_speed_meters_per_second", "exact", "m/s"),
  max_speed: mapped("activity.movement_data.max_speed_meters_per_second", "exact", "m/s"),
  ...each(
    ["start_latitude", "start_longitude"],
    mapped("activity.position_data.start_pos_lat_lng_deg", "exact", "degrees"),
  ),
  ...each(
    ["end_latitude", "end_longitude"],
    mapped("activity.position_data.end_pos_lat_lng_deg", "exact", "degrees"),
  ),
  calories: mapped("activity.calories_data.total_burned_calories", "exact", "kcal"),
  bmr_calories: mapped("activity.calories_data.BMR_calories", "exact", "kcal"),
  average_hr: mapped("activity.heart_rate_data.summary.avg_hr_bpm", "exact", "0 → null"),
  max_hr: mapped("activity.heart_rate_data.summary.max_hr_bpm", "exact", "0 → null"),
  ...each(
    ["average_running_cadence_in_steps_per_minute", "average_biking_cadence_in_rev_per_minute"],
    mapped(`${cadence}avg_cadence_rpm`, "exact", "steps or revolutions per minute"),
  ),
  ...each(
    ["max_running_cadence_in_steps_per_minute", "max_biking_cadence_in_rev_per_minute"],
    mapped(`${cadence}max_cadence_rpm`, "exact", "steps or revolutions per minute"),
  ),
  steps: mapped(`${summary}.steps`, "exact"),
  floors_climbed: mapped(`${summary}.floors_climbed`, "converted: rounded"),
  strokes: mapped(`${summary}.swimming.num_strokes`, "converted: rounded", "of swimming with lengths only"),
  active_lengths: mapped(`${summary}.swimming.num_laps`, "exact"),
  avg_power: mapped("activity.power_data.avg_watts", "exact", "W"),
  max_power: mapped("activity.power_data.max_watts", "exact", "W"),
  moderate_intensity_minutes: mapped(
    "activity.active_durations_data.moderate_intensity_seconds",
    "converted: min × 60",
  ),
  vigorous_intensity_minutes: mapped(
    "activity.active_durations_data.vigorous_intensity_seconds",
    "converted: min × 60",
  ),
  v_o2_max_value: mapped("activity.oxygen_data.vo2max_ml_per_min_per_kg", "exact", "0 → null"),
  training_stress_score: mapped("activity.TSS_data.TSS_samples.actual", "exact"),
  intensity_factor: mapped("activity.TSS_data.TSS_samples.intensity_factor_actual", "exact"),
  norm_power: mapped("activity.TSS_data.TSS_samples.normalized_power_watts", "exact", "W"),
  manufacturer: mapped("activity.device_data.manufacturer", "exact"),
  device_id: mapped("activity.device_data.serial_number", "exact", "Garmin's id of the device; 0 → null"),
  ...each(
    [1, 2, 3, 4, 5].map((zone) => `hr_time_in_zone_${zone}`),
    mapped(
      "activity.heart_rate_data.summary.hr_zone_data.duration_seconds",
      "exact",
      "seconds; Garmin's zone 1 is Terra's 0",
    ),
  ),
  ...numbers({
    moving_duration: "seconds in motion",
    pool_length: "in the unit beside it",
    max_lap_avg_run_cadence: "steps per minute",
    average_swim_cadence_in_strokes_per_minute: "strokes per minute",
    max_swim_cadence_in_strokes_per_minute: "strokes per minute",
    average_swolf: "Garmin's measure of swimming",
    aerobic_training_effect: "0–5",
    anaerobic_training_effect: "0–5",
    activity_training_load: "Garmin's load",
    impact_load: "Garmin's load",
    left_balance: "percent",
    right_balance: "percent",
    avg_left_balance: "percent",
    max20_min_power: "W",
    avg_vertical_oscillation: "cm",
    avg_ground_contact_time: "ms",
    avg_stride_length: "cm",
    avg_vertical_ratio: "percent",
    avg_ground_contact_balance: "percent",
    avg_fractional_cadence: "per minute",
    max_fractional_cadence: "per minute",
    avg_double_cadence: "steps per minute",
    max_double_cadence: "steps per minute",
    lactate_threshold_bpm: "bpm",
    getlactate_threshold_speed: "Garmin's unit",
    max_ftp: "W",
    avg_stroke_distance: "cm",
    avg_stroke_cadence: "strokes per minute",
    max_stroke_cadence: "strokes per minute",
    avg_strokes: "per length",
    min_strokes: "per length",
    min_temperature: "°C",
    max_temperature: "°C",
    max_depth: "cm",
    avg_depth: "cm",
    surface_interval: "seconds",
    bottom_time: "seconds",
    max_bottom_time: "seconds",
    dive_number: "the diver's count",
    dive_count: "dives",
    start_n2: "percent",
    end_n2: "percent",
    start_cns: "percent",
    end_cns: "percent",
    avg_vertical_speed: "m/s",
    max_vertical_speed: "m/s",
    floors_descended: "floors",
    lap_count: "laps",
    flow: "Garmin's measure of a descent",
    grit: "Garmin's measure of a descent",
    avg_flow: "Garmin's measure of a descent",
    avg_grit: "Garmin's measure of a descent",
    jump_count: "jumps",
    calories_estimated: "kcal",
    calories_consumed: "kcal eaten on the way",
    water_estimated: "ml of sweat",
    water_consumed: "ml drunk on the way",
    total_sets: "sets",
    active_sets: "sets",
    total_reps: "repetitions",
    min_respiration_rate: "breaths per minute",
    max_respiration_rate: "breaths per minute",
    avg_respiration_rate: "breaths per minute",
    min_activity_lap_duration: "seconds",
    avg_stress: "0–100",
    start_stress: "0–100",
    end_stress: "0–100",
    difference_stress: "points",
    max_stress: "0–100",
    avg_grade_adjusted_speed: "m/s",
    avg_wheelchair_cadence: "pushes per minute",
    max_wheelchair_cadence: "pushes per minute",
    avg_jump_rope_cadence: "jumps per minute",
    max_jump_rope_cadence: "jumps per minute",
    difference_body_battery: "points",
    begin_pack_weight: "grams",
    pack_weight_calories: "kcal",
    avg_step_speed_loss: "cm/s",
    avg_step_speed_loss_percent: "percent",
    longest_pool_apnea_interval: "seconds",
    pool_apnea_breath_hold_duration: "seconds",
    avg_force: "N",
    max_force: "N",
    normalized_force: "N",
    carbon_offset: "kg",
    standing_time: "seconds",
    seated_time: "seconds",
    max_standing_power: "W",
    max_seated_power: "W",
    avg_standing_power: "W",
    avg_seated_power: "W",
    workout_id: "Garmin's id of the planned workout",
    parent_id: "Garmin's id of the activity that this one is a part of",
  }),
  ...numbers(
    Object.fromEntries([
      ...[1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1200, 1800, 3600, 7200, 18000].map((seconds) => [
        `max_avg_power_${seconds}`,
        `W, the highest mean of ${seconds} s`,
      ]),
      ...[91, 100, 400, 457, 750, 914, 1000, 1500, 1508, 1609, 5000, 10000, 21098, 40000, 42195].map(
        (metres) => [`fastest_split_${metres}`, `seconds, the fastest ${metres} m`],
      ),
      ...[1, 2, 3, 4, 5, 6, 7].map((zone) => [`power_time_in_zone_${zone}`, "seconds"]),
    ]),
  ),
  ...words({
    description: "the person's words",
    location_name: "Garmin's name of the place, which need not be a city",
    "event_type.type_key": "such as race or training",
    training_effect_label: "Garmin's word",
    aerobic_training_effect_message: "Garmin's code for its advice",
    anaerobic_training_effect_message: "Garmin's code for its advice",
    game_name: "name of a game",
    game_type: "kind of a game",
    pr: "whether it was a personal record",
    is_pr: "whether it was a personal record",
    favorite: "the person's mark",
    is_favorite: "the person's mark",
    parent: "whether it has parts of its own",
    is_parent: "whether it has parts of its own",
    elevation_corrected: "whether the elevations are of maps",
    is_elevation_corrected: "whether the elevations are of maps",
    auto_calc_calories: "whether Garmin estimated the energy",
    is_auto_calc_calories: "whether Garmin estimated the energy",
    deco_dive: "whether it was a decompression dive",
    is_deco_dive: "whether it was a decompression dive",
    qualifying_dive: "whether the dive counts",
    purposeful: "Garmin's mark",
    atp_activity: "Garmin's mark of a training plan",
  }),
  unit_of_pool_length: composite(carried("the unit of the pool's length")),
  split_summaries: composite(carried("totals of each kind of split")),
  summarized_exercise_sets: composite(carried("sets of strength training: exercise, repetitions, weight")),
  summarized_dive_info: composite(carried("gases and water of a dive")),
  ...each(
    ["event_type.type_id", "event_type.sort_order", "begin_timestamp", "sport_type_id", "time_zone_id"],
    ignored("another form of a field beside it"),
  ),
  ...each(
    [
      "owner_id",
      "owner_display_name",
      "owner_full_name",
      "owner_profile_image_url_small",
      "owner_profile_image_url_medium",
      "owner_profile_image_url_large",
      "user_roles",
      "user_pro",
      "privacy",
      "requestor_relationship",
      "activity_uuid",
      "multi_day_activity_uui_ds",
    ],
    ignored("names the person or their account, not the activity"),
  ),
  ...each(
    [
      "comments",
      "number_of_activity_likes",
      "number_of_activity_comments",
      "liked_by_user",
      "commented_by_user",
      "activity_like_display_names",
      "activity_like_full_names",
      "activity_like_profile_image_urls",
      "activity_like_authors",
      "has_polyline",
      "has_images",
      "has_video",
      "video_url",
      "has_splits",
      "has_heat_map",
      "cloud_positioning_status",
      "has_seed_firstbeat_profile",
      "exclude_from_power_curve_reports",
      "device_display_units_dto",
    ],
    ignored("about Garmin's own pages"),
  ),
};

/** More than 45 in one page are answered with 500, and so is the server's own page size of 99. */
export const pageSize = 20;
/** Twenty activities a day, each day of a call. */
const mostPages = 30;

const query = (from: string, to: string, start: number): string =>
  `/activitylist-service/activities/search/activities?start=${start}&limit=${pageSize}&startDate=${from}&endDate=${to}`;

/** Returns the request for the page after a full one. */
export function nextPage(request: ProviderRequest, { body }: ProviderResponse): ProviderRequest | null {
  const items: unknown = JSON.parse(body.toString("utf8") || "null");
  if (!Array.isArray(items) || items.length < pageSize) return null;
  const path = request.path.replace(/([?&]start=)(\d+)/, (_all, name: string, start: string) => {
    return `${name}${Number(start) + items.length}`;
  });
  return { ...request, path };
}

/** Whether the person entered it; null where Garmin does not say. */
export const isByHand = ({ manual_activity, is_manual_activity }: GarminActivity): boolean | null =>
  manual_activity ?? is_manual_activity ?? null;

/** Returns what is asked for of one activity. What was entered by hand has no file. */
function followUpsOf(key: string, value: GarminActivity): ResourceRef[] {
  if (!hasFile(key)) return [];
  const resources = isByHand(value) ? [activity] : [activity, activityFile];
  return resources.map(({ name: resource }) => ({ resource, key }));
}

/** GET /activitylist-service/activities/search/activities, by local days. */
export const activities = declareRanges({
  name: "activities",
  daysPerCall: 30,
  path: (from, to) => query(from, to, 0),
  schema,
  ledger,
  nextPage,
  mostPages,
  keys: ({ activity_id: id }) => [id],
  timeOf: ({ value }) => new Date(value.start_time_gmt).toISOString(),
  followUps: ({ key, value }) => followUpsOf(key, value),
});
