/** The ledger of an activity's FIT file: its messages, by the names and units of the FIT profile. */
import {
  alsoIn,
  carried,
  composite,
  type Fate,
  identifying,
  ignored,
  type Ledger,
  mapped,
  numeric,
} from "../../ledger.ts";
import { each } from "../ledger-groups.ts";

const under = (prefix: string, ledger: Ledger): Ledger =>
  Object.fromEntries(Object.entries(ledger).map(([name, fate]) => [`${prefix}${name}`, fate]));

/** The fate of several fields, each with their unit. */
const group = (what: string, names: string, fate: (what: string) => Fate): Ledger =>
  each(names.split(" "), fate(what));

const list = (what: string) => composite(carried(what));
const value = (what: string) => numeric(carried(what));

const activity = "activity.";
const byTime = "converted: one sample for each record that has it, at the record's own time";

const records: Ledger = {
  timestamp: identifying(
    mapped(
      [
        "heart_rate_data.detailed.hr_samples.timestamp",
        "distance_data.detailed.distance_samples.timestamp",
        "distance_data.detailed.elevation_samples.timestamp",
        "movement_data.speed_samples.timestamp",
        "movement_data.cadence_samples.timestamp",
        "position_data.position_samples.timestamp",
        "power_data.power_samples.timestamp",
        "oxygen_data.saturation_samples.timestamp",
      ].map((path) => activity + path),
      "converted: UTC to the activity's own offset",
    ),
  ),
  heart_rate: mapped("activity.heart_rate_data.detailed.hr_samples.bpm", byTime, "0 → none"),
  ...each(
    ["position_lat", "position_long"],
    mapped(
      "activity.position_data.position_samples.coords_lat_lng_deg",
      "converted: semicircles to degrees",
      "0/0 is no place yet",
    ),
  ),
  ...each(
    ["enhanced_altitude", "altitude"],
    mapped(
      "activity.distance_data.detailed.elevation_samples.elev_meters",
      byTime,
      "the enhanced one goes first",
    ),
  ),
  ...each(
    ["enhanced_speed", "speed"],
    mapped(
      "activity.movement_data.speed_samples.speed_meters_per_second",
      byTime,
      "the enhanced one goes first; none where all are 0",
    ),
  ),
  ...each(
    ["cadence", "fractional_cadence"],
    mapped(
      "activity.movement_data.cadence_samples.cadence_rpm",
      "converted: both added; twice that in sports on foot, where FIT counts the steps of one foot",
      "as in the totals; none where all are 0",
    ),
  ),
  power: mapped("activity.power_data.power_samples.watts", byTime),
  distance: mapped(
    "activity.distance_data.detailed.distance_samples.distance_meters",
    byTime,
    "none where all are 0",
  ),
  saturated_hemoglobin_percent: mapped(
    "activity.oxygen_data.saturation_samples.percentage",
    byTime,
    "of the muscle",
  ),
  ...group("m", "cycle_length cycle_length16 gps_accuracy depth next_stop_depth", list),
  ...group("m/s", "speed1s vertical_speed ball_speed ascent_rate", list),
  ...group("rpm, with a fraction", "cadence256", list),
  ...group("W", "accumulated_power motor_power", list),
  ...group(
    "percent",
    "grade stance_time_percent left_torque_effectiveness right_torque_effectiveness left_pedal_smoothness right_pedal_smoothness combined_pedal_smoothness saturated_hemoglobin_percent_min saturated_hemoglobin_percent_max battery_soc vertical_ratio stance_time_balance cns_load n2_load ebike_battery_level ebike_assist_level_percent po2 potential_stamina stamina",
    list,
  ),
  ...group(
    "seconds",
    "time_from_course time128 next_stop_time time_to_surface ndl_time air_time_remaining",
    list,
  ),
  ...group("°C", "temperature core_temperature", list),
  ...group("cycles: strides, revolutions or strokes", "cycles total_cycles", list),
  ...group("kcal since the start", "calories", list),
  ...group("mm", "vertical_oscillation left_pco right_pco step_length", list),
  ...group("ms", "stance_time", list),
  ...group("g/dl", "total_hemoglobin_conc total_hemoglobin_conc_min total_hemoglobin_conc_max", list),
  ...group(
    "degrees",
    "left_power_phase left_power_phase_peak right_power_phase right_power_phase_peak",
    list,
  ),
  ...group("Pa", "absolute_pressure", list),
  ...group("breaths per minute", "enhanced_respiration_rate respiration_rate", list),
  ...group("km", "ebike_travel_range", list),
  ...group("bar/min", "pressure_sac", list),
  ...group("l/min", "volume_sac rmv", list),
  ...group("percent of one side, and whether it is the right one", "left_right_balance", list),
  ...group(
    "in the FIT profile's words and scales",
    "activity_type stroke_type zone resistance garmin_performance_condition current_stress grit flow ebike_assist_mode",
    list,
  ),
  ...each(
    ["compressed_speed_distance", "compressed_accumulated_power"],
    ignored("a packed form that old sensors wrote"),
  ),
  device_index: ignored("which sensor wrote the record"),
};

const ofLap = "activity.lap_data.laps.";
/** Fields of both laps and sessions, for which Terra's models have none. */
const both: Ledger = {
  ...group("kcal", "total_fat_calories", value),
  ...group(
    "m/s",
    "max_speed avg_pos_vertical_speed avg_neg_vertical_speed max_pos_vertical_speed max_neg_vertical_speed enhanced_max_speed avg_vam",
    value,
  ),
  ...group("bpm", "max_heart_rate min_heart_rate", value),
  ...group(
    "rpm; of one foot in sports on foot",
    "avg_cadence max_cadence avg_fractional_cadence max_fractional_cadence",
    value,
  ),
  ...group("rpm, seated and standing", "avg_cadence_position max_cadence_position", list),
  ...group("W", "max_power normalized_power avg_lev_motor_power max_lev_motor_power", value),
  ...group("W, seated and standing", "avg_power_position max_power_position", list),
  ...group(
    "m",
    "total_ascent total_descent avg_stroke_distance avg_altitude max_altitude gps_accuracy min_altitude enhanced_avg_altitude enhanced_min_altitude enhanced_max_altitude avg_depth max_depth total_fractional_ascent total_fractional_descent",
    value,
  ),
  ...group(
    "a count",
    "stand_count jump_count num_lengths num_active_lengths opponent_score player_score total_fractional_cycles",
    value,
  ),
  ...group("J", "total_work", value),
  ...group(
    "percent",
    "avg_grade avg_pos_grade avg_neg_grade max_pos_grade max_neg_grade avg_stance_time_percent avg_left_torque_effectiveness avg_right_torque_effectiveness avg_left_pedal_smoothness avg_right_pedal_smoothness avg_combined_pedal_smoothness lev_battery_consumption avg_vertical_ratio avg_stance_time_balance",
    value,
  ),
  ...group(
    "°C",
    "avg_temperature max_temperature min_temperature avg_core_temperature min_core_temperature max_core_temperature",
    value,
  ),
  ...group(
    "seconds in each zone",
    "time_in_hr_zone time_in_speed_zone time_in_cadence_zone time_in_power_zone",
    list,
  ),
  ...group("seconds", "active_time time_standing", value),
  ...group("mm", "avg_vertical_oscillation avg_left_pco avg_right_pco avg_step_length", value),
  ...group("ms", "avg_stance_time", value),
  ...group(
    "g/dl and percent, of the muscle",
    "avg_total_hemoglobin_conc min_total_hemoglobin_conc max_total_hemoglobin_conc avg_saturated_hemoglobin_percent min_saturated_hemoglobin_percent max_saturated_hemoglobin_percent",
    list,
  ),
  ...group(
    "degrees",
    "avg_left_power_phase avg_left_power_phase_peak avg_right_power_phase avg_right_power_phase_peak",
    list,
  ),
  ...group(
    "breaths per minute",
    "enhanced_avg_respiration_rate enhanced_max_respiration_rate avg_respiration_rate max_respiration_rate",
    value,
  ),
  ...group("kGrit", "total_grit avg_grit", value),
  ...group("Flow", "total_flow avg_flow", value),
  ...group("percent of one side, and which side it is", "left_right_balance", list),
  ...group("times in each zone of a swim or a court", "stroke_count zone_count", list),
  ...each(
    ["start_position_lat", "start_position_long", "end_position_lat", "end_position_long"],
    ignored("the positions' samples hold the same"),
  ),
  ...each(["event", "event_type", "event_group", "message_index"], ignored("says that the message is one")),
  sub_sport: ignored("the activity's own sport says it more exactly"),
};

const laps: Ledger = {
  ...both,
  start_time: identifying(
    mapped(`${ofLap}start_time`, "converted: UTC to the activity's own offset", "else end − elapsed time"),
  ),
  timestamp: mapped(`${ofLap}end_time`, "converted: UTC to the activity's own offset"),
  total_distance: mapped(`${ofLap}distance_meters`, "exact"),
  total_calories: mapped(`${ofLap}calories`, "exact", "kcal"),
  avg_heart_rate: mapped(`${ofLap}avg_hr_bpm`, "exact", "0 → null"),
  ...each(
    ["avg_speed", "enhanced_avg_speed"],
    mapped(`${ofLap}avg_speed_meters_per_second`, "exact", "the enhanced one goes first"),
  ),
  avg_power: mapped(`${ofLap}avg_watts`, "exact", "0 → null"),
  ...each(
    ["total_timer_time", "total_moving_time"],
    mapped(`${ofLap}active_duration_seconds`, "converted: rounded to whole seconds", "the timer goes first"),
  ),
  total_cycles: alsoIn(
    `${ofLap}total_strokes`,
    value("cycles: strides in running, revolutions in cycling; strokes in swimming"),
  ),
  swim_stroke: mapped(`${ofLap}stroke_type`, "exact"),
  lap_trigger: mapped(`${ofLap}trigger_method`, "derived: in capitals; UNSPECIFIED for others"),
  total_elapsed_time: alsoIn(`${ofLap}start_time`, value("seconds, pauses included")),
  sport: mapped(`${ofLap}total_strokes`, "key: what total_cycles counts"),
  intensity: carried("active, rest, warmup, cooldown …"),
  ...group("a number", "repetition_num wkt_step_index first_length_index", value),
};

const inTotals = ignored("the activity's own totals say the same");
const sessions: Ledger = {
  ...both,
  pool_length: alsoIn(
    "activity.distance_data.summary.swimming.pool_length_meters",
    value("m; Terra's field has whole metres only"),
  ),
  rmssd_hrv: mapped("activity.heart_rate_data.summary.avg_hrv_rmssd", "exact", "ms; 0 → null"),
  min_heart_rate: mapped("activity.heart_rate_data.summary.min_hr_bpm", "exact", "0 → null"),
  sport: mapped("activity.movement_data.cadence_samples.cadence_rpm", "key: whether cadence is of one foot"),
  timestamp: mapped("activity.metadata.end_time", "exact", "where the activity says nothing of its end"),
  ...group("ms, standard deviation of the intervals between heartbeats", "sdrr_hrv", value),
  ...group("kcal", "metabolic_calories", value),
  ...group("ml, estimated", "est_sweat_loss", value),
  ...group("seconds", "surface_interval avg_lap_time", value),
  ...group(
    "percent",
    "start_cns end_cns start_n2 end_n2 avg_spo2 avg_stress beginning_potential_stamina ending_potential_stamina min_stamina",
    value,
  ),
  ...group("OTU", "o2_toxicity", value),
  ...group("W", "threshold_power", value),
  ...group("m/s", "max_ball_speed avg_ball_speed", value),
  ...group("strokes per length", "avg_stroke_count", value),
  ...group(
    "in Garmin's scale",
    "training_load_peak primary_benefit workout_feel workout_rpe dive_number sport_index best_lap_index",
    value,
  ),
  ...group("breaths per minute", "min_respiration_rate enhanced_min_respiration_rate", value),
  ...each(["opponent_name", "sport_profile_name"], carried("a name")),
  ...each(
    [
      "start_time",
      "total_elapsed_time",
      "total_timer_time",
      "total_moving_time",
      "total_distance",
      "total_cycles",
      "total_calories",
      "avg_speed",
      "enhanced_avg_speed",
      "avg_heart_rate",
      "avg_power",
      "total_training_effect",
      "total_anaerobic_training_effect",
      "training_stress_score",
      "intensity_factor",
      "swim_stroke",
      "pool_length_unit",
    ],
    inTotals,
  ),
  ...each(["nec_lat", "nec_long", "swc_lat", "swc_long"], ignored("the corners of the route")),
  ...each(["first_lap_index", "num_laps", "trigger"], ignored("the laps say it")),
};

const settings = ignored("a setting of the device, not a measurement");
const ofFile = ignored("about the file: what wrote it");
const raw = ignored("what a sensor read, before anything was measured by it");

export const activityFileLedger: Ledger = {
  ...under("record.", records),
  ...under("lap[].", laps),
  ...under("session[].", sessions),
  "developer{}": composite(
    carried("fields of apps on the device, by their own names; one value for each of `record.timestamp`"),
  ),
  ...each(
    ["lap[].developer", "session[].developer"],
    composite(carried("fields of apps on the device, by their own names")),
  ),
  track_format: carried(
    "gpx or tcx, where the activity was imported as such; `record` is then made of its points",
  ),
  field_description: composite(carried("names and units of the apps' fields")),
  rr_intervals: composite(carried("ms between heartbeats, in their order; the file gives them no times")),
  "pauses[].start_time": carried("UTC: when the timer was stopped; made of the file's timer events"),
  "pauses[].end_time": carried("UTC: when the timer was started again"),
  "event[].timestamp": carried("UTC: when it happened"),
  "event[].event": carried("what happened, in the FIT profile's words; timer is the recording itself"),
  "event[].event_type": carried("start, stop, stop_all, marker …"),
  ...under("event[].", {
    ...group(
      "a number whose meaning the event decides",
      "data data16 score opponent_score front_gear_num front_gear rear_gear_num rear_gear radar_threat_count radar_threat_avg_approach_speed radar_threat_max_approach_speed",
      value,
    ),
    ...each(["activity_type", "radar_threat_level_max"], carried("in the FIT profile's words")),
    ...each(
      ["event_group", "device_index", "start_timestamp"],
      ignored("joins a start with its stop, or names a sensor"),
    ),
  }),
  "file_id[].type": ofFile,
  "file_id[].manufacturer": ignored("the activity names it"),
  "file_id[].product": mapped("activity.device_data.name", "derived: by the FIT profile's list of products"),
  "file_id[].product_name": mapped("activity.device_data.name", "exact", "goes first"),
  ...each(["file_id[].serial_number", "file_id[].time_created", "file_id[].number"], ofFile),
  "file_creator[].software_version": mapped(
    "activity.device_data.software_version",
    "converted: hundredths to a version, 1712 → 17.12",
  ),
  "file_creator[].hardware_version": mapped("activity.device_data.hardware_version", "exact"),
  device_info: composite(carried("the device and its sensors: kind, maker, version, battery")),
  length: composite(carried("lengths of a pool, as the FIT profile has them")),
  set: composite(carried("sets of strength training: kind, repetitions, weight in kg, seconds")),
  split: composite(carried("splits: kind, distance, times")),
  split_summary: composite(carried("totals of each kind of split")),
  segment_lap: composite(carried("laps over a segment of a route")),
  jump: composite(carried("jumps: height, distance, time in the air")),
  climb_pro: composite(carried("climbs: when each began and ended")),
  time_in_zone: composite(carried("seconds in each zone, and the zones' limits")),
  dive_summary: composite(carried("totals of a dive")),
  dive_gas: composite(carried("gases of a dive")),
  tank_update: composite(carried("pressure of a tank: time, bar")),
  tank_summary: composite(carried("a tank's pressure at both ends, litres used")),
  hr: composite(carried("heart rates that a strap stored under water, packed as the FIT profile says")),
  beat_intervals: composite(carried("ms between heartbeats, packed as the FIT profile says")),
  weather_conditions: composite(carried("weather at the start: °C, wind, humidity")),
  chrono_shot_session: composite(carried("totals of shots")),
  chrono_shot_data: composite(carried("shots")),
  max_met_data: composite(carried("VO₂max by Garmin's estimate")),
  stress_level: composite(carried("stress: time, level")),
  respiration_rate: composite(carried("breathing: time, breaths per minute")),
  spo2_data: composite(carried("SpO₂: time, percent")),
  ...each(
    ["activity", "sport", "totals", "software", "exercise_title", "user_metrics", "activity_metrics"],
    ignored("the activity says the same, or it is Garmin's own bookkeeping"),
  ),
  ...each(
    [
      "device_settings",
      "user_profile",
      "hrm_profile",
      "sdm_profile",
      "bike_profile",
      "zones_target",
      "hr_zone",
      "power_zone",
      "met_zone",
      "speed_zone",
      "cadence_zone",
      "training_settings",
      "dive_settings",
      "dive_alarm",
      "dive_apnea_alarm",
      "watchface_settings",
      "ohr_settings",
      "connectivity",
      "goal",
      "workout",
      "workout_step",
      "workout_session",
      "schedule",
      "course",
      "course_point",
      "segment_id",
      "segment_point",
      "segment_leaderboard_entry",
      "segment_file",
      "exd_screen_configuration",
      "exd_data_field_configuration",
      "exd_data_concept_configuration",
      "weather_alert",
    ],
    settings,
  ),
  ...each(
    [
      "training_file",
      "developer_data_id",
      "capabilities",
      "file_capabilities",
      "mesg_capabilities",
      "field_capabilities",
      "timestamp_correlation",
      "slave_device",
      "device_aux_battery_info",
      "camera_event",
      "video",
      "video_title",
      "video_description",
      "video_clip",
      "video_frame",
      "memo_glob",
      "pad",
    ],
    ofFile,
  ),
  ...each(
    [
      "gps_metadata",
      "gyroscope_data",
      "accelerometer_data",
      "magnetometer_data",
      "barometer_data",
      "three_d_sensor_calibration",
      "one_d_sensor_calibration",
      "nmea_sentence",
      "obdii_data",
      "aviation_attitude",
      "aad_accel_features",
      "ant_rx",
      "ant_tx",
      "ant_channel_id",
    ],
    raw,
  ),
};
