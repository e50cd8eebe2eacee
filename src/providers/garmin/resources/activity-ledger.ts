/** The ledger of the body of one activity. Totals that the search has, too, are mapped there. */
import { alsoIn, carried, composite, identifying, ignored, type Ledger, mapped } from "../../ledger.ts";
import { each, numbers, words } from "../ledger-groups.ts";

const under = (prefix: string, ledger: Ledger): Ledger =>
  Object.fromEntries(Object.entries(ledger).map(([name, fate]) => [`${prefix}.${name}`, fate]));

const listed = ignored("the search has the same, under this name or its own");
const page = ignored("about Garmin's own pages");
const account = ignored("names the person or their account, not the activity");

/** The fields that the search has as well. */
const inSearch =
  "start_time_local start_time_gmt start_time_gmt_double_value start_latitude start_longitude end_latitude end_longitude distance duration moving_duration elapsed_duration elevation_gain elevation_loss max_elevation min_elevation avg_elevation average_speed max_speed calories bmr_calories average_hr max_hr average_run_cadence max_run_cadence max_lap_avg_run_cadence average_bike_cadence max_bike_cadence average_swim_cadence max_swim_cadence max_temperature min_temperature average_power max_power max_power_twenty_minutes normalized_power functional_threshold_power left_balance right_balance ground_contact_time ground_contact_balance_left stride_length vertical_oscillation vertical_ratio training_effect anaerobic_training_effect aerobic_training_effect_message anaerobic_training_effect_message training_effect_label training_stress_score intensity_factor pool_length unit_of_pool_length number_of_active_lengths total_number_of_strokes average_strokes minimum_strokes average_swolf stroke_distance stroke_cadence distance_per_stroke average_stroke_distance average_stroke_cadence max_stroke_cadence seated_time standing_time max_seated_power max_standing_power average_seated_power average_standing_power lactate_threshold_heart_rate lactate_threshold_speed total_reps total_sets active_sets max_depth average_depth surface_interval start_cns end_cns start_n2 end_n2 bottom_time max_bottom_time is_deco_dive deco_dive floors_climbed floors_descended avg_vertical_speed max_vertical_speed flow grit avg_flow avg_grit jump_count calories_estimated calories_consumed water_estimated water_consumed min_respiration_rate max_respiration_rate avg_respiration_rate activity_training_load min_activity_lap_duration start_stress end_stress difference_stress avg_stress max_stress moderate_intensity_minutes vigorous_intensity_minutes steps avg_grade_adjusted_speed avg_wheelchair_cadence max_wheelchair_cadence avg_jump_rope_cadence max_jump_rope_cadence difference_body_battery begin_pack_weight step_speed_loss step_speed_loss_percent dive_count longest_pool_apnea_interval avg_force max_force normalized_force pool_apnea_breath_hold_duration carbon_offset pack_weight_calories".split(
    " ",
  );

const sides = (names: readonly string[], what: string): Readonly<Record<string, string>> =>
  Object.fromEntries(names.flatMap((name) => ["left", "right"].map((side) => [`${side}_${name}`, what])));

/** Sources: [O] Garmin's own client, [P] a captured body. */
const summary: Ledger = {
  ...each(inSearch, listed),
  min_hr: mapped("activity.heart_rate_data.summary.min_hr_bpm", "exact", "0 → null; else the file's"),
  total_work: mapped(
    "activity.work_data.work_kilojoules",
    "converted: kcal × 4.184",
    "kcal: mean power × time gives the same [P]",
  ),
  avg_spo2: mapped("activity.oxygen_data.avg_saturation_percentage", "exact", "percent; 0 → null"),
  ...numbers({
    average_moving_speed: "m/s while in motion",
    average_temperature: "°C",
    min_power: "W",
    recovery_heart_rate: "bpm, by which the heart rate fell after the end",
    perceived_workout_effort: "the person's answer, of 100",
    direct_workout_feel: "how it felt, the person's answer: 0 very weak to 100 very strong",
    direct_workout_rpe: "perceived exertion, the person's answer: 10 to 100, ten times the usual scale",
    direct_workout_compliance_score: "percent of the planned workout that was kept",
    direct_functional_threshold_power: "W",
    target_duration: "seconds, planned",
    target_distance: "metres, planned",
    target_average_speed: "m/s, planned",
    begin_potential_stamina: "percent",
    end_potential_stamina: "percent",
    min_available_stamina: "percent",
    impact_load: "Garmin's load; the search may lack it [P]",
    min_spo2: "percent",
    max_spo2: "percent",
    average_gforce: "g",
    max_gforce: "g",
    min_swolf: "Garmin's measure of swimming",
    standing_count: "times the rider stood up",
    max_seated_cadence: "revolutions per minute",
    max_standing_cadence: "revolutions per minute",
    average_seated_cadence: "revolutions per minute",
    average_standing_cadence: "revolutions per minute",
    ...sides(["torque_effectiveness", "pedal_smoothness"], "percent"),
    ...sides(
      [
        "power_phase_start",
        "power_phase_end",
        "power_phase_arc_length",
        "power_phase_arc_center",
        "power_phase_peak_start",
        "power_phase_peak_end",
        "power_phase_peak_arc_length",
        "power_phase_peak_arc_center",
      ],
      "degrees of the crank",
    ),
    ...sides(["platform_center_offset"], "mm"),
    rider_position: "Garmin's code",
    total_exercise_reps: "repetitions",
    max_lap_rep_count: "repetitions",
    gain_solar_activity_time: "of the watch's sun cells; not documented",
    avg_solar_charge_percent: "percent, of the watch's sun cells",
    avg_ebike_assist_level_percent: "percent",
    avg_elapsed_duration_vertical_speed: "m/s, pauses included",
    surface_type_unpaved_percentage: "percent of the way",
  }),
  ...words({ dive_alert: "Garmin's word" }),
};

const metadata: Ledger = {
  sensors: alsoIn(
    "activity.device_data.other_devices",
    composite(carried("the sensors that took part, with their makers, versions and batteries")),
  ),
  ...each(["manufacturer", "lap_count", "manual_activity", "elevation_corrected", "favorite"], listed),
  ...each(["auto_calc_calories", "personal_record", "dive_number", "is_atp_activity"], listed),
  ...each(["associated_workout_id", "device_meta_data_dto"], listed),
  "file_format.format_id": ignored("the number of the format beside it"),
  ...words({
    "file_format.format_key": "the format of the original file: fit, gpx or tcx",
    is_original: "whether it is as it was uploaded",
    trimmed: "whether the person cut off its beginning or its end",
    uploaded_date: "UTC; when it came to Garmin",
    last_update_date: "UTC; when it last changed",
    is_wheelchair: "whether pushes are counted in place of steps",
    has_run_power_wind_data: "whether the power of the run counts the wind",
    run_power_wind_data_enabled: "whether the watch was set to count the wind",
    has_intensity_intervals: "whether it has intervals",
    has_multi_day_activities: "whether it is a part of a journey of several days",
    gcj02: "whether its positions are in China's system of coordinates",
    agent_string: "the application that uploaded it",
    group_ride_uuid: "Garmin's id of a ride in a group",
  }),
  ...numbers({
    e_bike_max_assist_modes: "how many modes the bicycle's motor has",
    e_bike_battery_usage: "percent",
    e_bike_battery_remaining: "percent",
    associated_course_id: "Garmin's id of the course that was followed",
  }),
  ...each(
    [
      "child_ids",
      "child_activity_types",
      "specialized_workout_categories",
      "e_bike_assist_mode_info_dto_list",
    ],
    composite(carried("as Garmin lists them")),
  ),
  calendar_event_info: composite(carried("the goal of the event: its amount and unit")),
  ...each(
    [
      "video_url",
      "activity_images",
      "has_polyline",
      "has_chart_data",
      "has_hr_time_in_zones",
      "has_power_time_in_zones",
      "has_splits",
      "has_heat_map",
      "device_application_installation_id",
      "agent_application_installation_id",
    ],
    page,
  ),
  user_info_dto: account,
};

const dive: Ledger = {
  ...numbers({
    weight: "of lead, in the unit beside it",
    suit_thickness: "mm",
    visibility: "in the unit beside it",
    total_surface_time: "seconds",
  }),
  ...words({
    exposure_suit: "Garmin's word",
    surface_condition: "Garmin's word",
    current: "Garmin's word",
    entry_type: "Garmin's word",
    equipments: "Garmin's word",
    "weight_unit.unit_key": "such as kilogram",
    "visibility_unit.unit_key": "such as meter",
  }),
  dive_settings: composite(carried("settings of the dive computer")),
  dive_gases: composite(carried("gases and tanks")),
  buddy: ignored("names another person"),
};

export const activityLedger: Ledger = {
  activity_id: identifying(mapped("activity.metadata.summary_id", "key")),
  "time_zone_unit_dto.time_zone": alsoIn(
    "activity.metadata.start_time",
    carried("IANA name of the zone; tells the offset where the search has no local time"),
  ),
  ...each(
    ["unit_id", "unit_key", "factor"].map((name) => `time_zone_unit_dto.${name}`),
    ignored("the zone in another form"),
  ),
  ...under("summary_dto", summary),
  ...under("metadata_dto", metadata),
  ...under("dive_info", dive),
  split_summaries: composite(
    carried("totals of each kind of split, with more figures than those of the search"),
  ),
  ...words({
    parent_name: "name of the activity that this one is a part of",
    is_multi_sport_parent: "whether it has parts of its own",
  }),
  ...each(
    [
      "activity_name",
      "description",
      "location_name",
      "parent_id",
      "activity_type_dto",
      "event_type_dto",
      "video_game_info",
    ],
    listed,
  ),
  ...each(["activity_uuid", "user_profile_id", "access_control_rule_dto"], account),
  device_display_units_dto: page,
};
