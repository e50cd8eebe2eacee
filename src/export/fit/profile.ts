/**
 * The messages of the FIT profile that we write: their numbers, and the number, base type, scale and offset of each
 * field. What a file contains is `value = raw / scale - offset`.
 */

/** A base type of FIT: its code, its bytes, the least and the greatest raw value. FIT's own "invalid" is outside. */
export interface BaseType {
  readonly code: number;
  readonly size: number;
  readonly least: number;
  readonly greatest: number;
}

const unsigned = (code: number, size: number): BaseType => ({
  code,
  size,
  least: 0,
  greatest: 2 ** (8 * size) - 2,
});
const signed = (code: number, size: number): BaseType => ({
  code,
  size,
  least: -(2 ** (8 * size - 1)),
  greatest: 2 ** (8 * size - 1) - 2,
});

const ENUM = unsigned(0x00, 1);
const UINT8 = unsigned(0x02, 1);
const UINT16 = unsigned(0x84, 2);
const UINT32 = unsigned(0x86, 4);
const SINT16 = signed(0x83, 2);
const SINT32 = signed(0x85, 4);
/** Zero is "invalid". */
const UINT32Z: BaseType = { code: 0x8c, size: 4, least: 1, greatest: 2 ** 32 - 1 };
/** Smaller values count from the start of a device, not from 1989. */
const DATE_TIME: BaseType = { ...UINT32, least: 0x10000000 };
/** The raw value is the number itself. */
export const FLOAT32: BaseType = { code: 0x88, size: 4, least: -3.4e38, greatest: 3.4e38 };
export const STRING: BaseType = { code: 0x07, size: 1, least: 0, greatest: 0 };

export interface FieldSpec {
  readonly number: number;
  readonly base: BaseType;
  readonly scale: number;
  readonly offset: number;
}

const of =
  (base: BaseType) =>
  (number: number, scale = 1, offset = 0): FieldSpec => ({ number, base, scale, offset });

const code = of(ENUM);
const u8 = of(UINT8);
const u16 = of(UINT16);
const u32 = of(UINT32);
const s16 = of(SINT16);
const s32 = of(SINT32);
const serial = of(UINT32Z);
const time = of(DATE_TIME);
const text = of(STRING);

export interface MessageSpec<Field extends string = string> {
  /** The profile's name of the message. */
  readonly name: string;
  readonly number: number;
  readonly fields: Readonly<Record<Field, FieldSpec>>;
}

const message = <Field extends string>(
  name: string,
  number: number,
  fields: Readonly<Record<Field, FieldSpec>>,
): MessageSpec<Field> => ({ name, number, fields });

const timestamp = time(253);
const message_index = u16(254);

/** A lap and a session begin with the same fields. */
const summary = {
  timestamp,
  message_index,
  event: code(0),
  event_type: code(1),
  start_time: time(2),
  start_position_lat: s32(3),
  start_position_long: s32(4),
  total_elapsed_time: u32(7, 1000),
  total_timer_time: u32(8, 1000),
  total_distance: u32(9, 100),
  total_cycles: u32(10),
  total_calories: u16(11),
};

export const FILE_ID = message("file_id", 0, {
  type: code(0),
  manufacturer: u16(1),
  product: u16(2),
  serial_number: serial(3),
  time_created: time(4),
});
export const USER_PROFILE = message("user_profile", 3, {
  height: u8(3, 100),
  weight: u16(4, 10),
  message_index,
});
export const HR_ZONE = message("hr_zone", 8, { high_bpm: u8(1), name: text(2), message_index });
export const SESSION = message("session", 18, {
  ...summary,
  sport: code(5),
  sub_sport: code(6),
  avg_speed: u16(14, 1000),
  max_speed: u16(15, 1000),
  avg_heart_rate: u8(16),
  max_heart_rate: u8(17),
  avg_cadence: u8(18),
  max_cadence: u8(19),
  avg_power: u16(20),
  max_power: u16(21),
  total_ascent: u16(22),
  total_descent: u16(23),
  first_lap_index: u16(25),
  num_laps: u16(26),
  trigger: code(28),
  num_lengths: u16(33),
  normalized_power: u16(34),
  training_stress_score: u16(35, 10),
  intensity_factor: u16(36, 1000),
  end_position_lat: s32(38),
  end_position_long: s32(39),
  pool_length: u16(44, 100),
  pool_length_unit: code(46),
  total_work: u32(48),
  avg_altitude: u16(49, 5, 500),
  max_altitude: u16(50, 5, 500),
  min_heart_rate: u8(64),
  time_in_hr_zone: u32(65, 1000),
  min_altitude: u16(71, 5, 500),
  avg_fractional_cadence: u8(92, 128),
  max_fractional_cadence: u8(93, 128),
  total_fractional_cycles: u8(94, 128),
  sport_profile_name: text(110),
  enhanced_avg_speed: u32(124, 1000),
  enhanced_max_speed: u32(125, 1000),
  enhanced_avg_altitude: u32(126, 5, 500),
  enhanced_min_altitude: u32(127, 5, 500),
  enhanced_max_altitude: u32(128, 5, 500),
  avg_spo2: u8(194),
  metabolic_calories: u16(196),
  sdrr_hrv: u8(197),
  rmssd_hrv: u8(198),
});
export const LAP = message("lap", 19, {
  ...summary,
  avg_speed: u16(13, 1000),
  avg_heart_rate: u8(15),
  avg_power: u16(19),
  lap_trigger: code(24),
  sport: code(25),
  num_lengths: u16(32),
  first_length_index: u16(35),
  swim_stroke: code(38),
  sub_sport: code(39),
  enhanced_avg_speed: u32(110, 1000),
});
export const RECORD = message("record", 20, {
  timestamp,
  position_lat: s32(0),
  position_long: s32(1),
  altitude: u16(2, 5, 500),
  heart_rate: u8(3),
  cadence: u8(4),
  distance: u32(5, 100),
  speed: u16(6, 1000),
  power: u16(7),
  fractional_cadence: u8(53, 128),
  saturated_hemoglobin_percent: u16(57, 10),
  enhanced_speed: u32(73, 1000),
  enhanced_altitude: u32(78, 5, 500),
});
export const EVENT = message("event", 21, { timestamp, event: code(0), event_type: code(1), data: u32(3) });
export const DEVICE_INFO = message("device_info", 23, {
  timestamp,
  device_index: u8(0),
  manufacturer: u16(2),
  serial_number: serial(3),
  software_version: u16(5, 100),
  hardware_version: u8(6),
  product_name: text(27),
});
export const WEIGHT_SCALE = message("weight_scale", 30, {
  timestamp,
  weight: u16(0, 100),
  percent_fat: u16(1, 100),
  percent_hydration: u16(2, 100),
  bone_mass: u16(4, 100),
  muscle_mass: u16(5, 100),
  basal_met: u16(7, 4),
  metabolic_age: u8(10),
  visceral_fat_rating: u8(11),
  bmi: u16(13, 10),
});
export const ACTIVITY = message("activity", 34, {
  timestamp,
  total_timer_time: u32(0, 1000),
  num_sessions: u16(1),
  type: code(2),
  event: code(3),
  event_type: code(4),
  local_timestamp: time(5),
});
export const BLOOD_PRESSURE = message("blood_pressure", 51, {
  timestamp,
  systolic_pressure: u16(0),
  diastolic_pressure: u16(1),
});
export const MONITORING = message("monitoring", 55, {
  timestamp,
  calories: u16(1),
  distance: u32(2, 100),
  /** In steps where `activity_type` is walking or running, so the scale of 2 does not apply. */
  steps: u32(3),
  active_time: u32(4, 1000),
  activity_type: code(5),
  activity_level: code(7),
  active_calories: u16(19),
  heart_rate: u8(27),
  ascent: u32(31, 1000),
  descent: u32(32, 1000),
  moderate_activity_minutes: u16(33),
  vigorous_activity_minutes: u16(34),
});
export const HRV = message("hrv", 78, { time: u16(0, 1000) });
export const LENGTH = message("length", 101, {
  timestamp,
  message_index,
  event: code(0),
  event_type: code(1),
  start_time: time(2),
  total_elapsed_time: u32(3, 1000),
  total_timer_time: u32(4, 1000),
  total_strokes: u16(5),
  avg_speed: u16(6, 1000),
  swim_stroke: code(7),
  avg_swimming_cadence: u8(9),
  length_type: code(12),
});
export const MONITORING_INFO = message("monitoring_info", 103, {
  timestamp,
  local_timestamp: time(0),
  resting_metabolic_rate: u16(5),
});
export const MONITORING_HR_DATA = message("monitoring_hr_data", 211, {
  timestamp,
  current_day_resting_heart_rate: u8(1),
});
export const TIME_IN_ZONE = message("time_in_zone", 216, {
  timestamp,
  reference_mesg: u16(0),
  reference_index: u16(1),
  time_in_hr_zone: u32(2, 1000),
  hr_zone_high_boundary: u8(6),
  hr_calc_type: code(10),
  max_heart_rate: u8(11),
  resting_heart_rate: u8(12),
});
export const STRESS_LEVEL = message("stress_level", 227, {
  stress_level_value: s16(0),
  stress_level_time: time(1),
});
export const MAX_MET_DATA = message("max_met_data", 229, { update_time: time(0), vo2_max: u16(2, 10) });
export const SPO2_DATA = message("spo2_data", 269, { timestamp, reading_spo2: u8(0) });
export const SLEEP_LEVEL = message("sleep_level", 275, { timestamp, sleep_level: code(0) });
export const RESPIRATION_RATE = message("respiration_rate", 297, {
  timestamp,
  respiration_rate: s16(0, 100),
});
export const SLEEP_ASSESSMENT = message("sleep_assessment", 346, {
  overall_sleep_score: u8(6),
  awakenings_count: u8(11),
});
export const HRV_STATUS_SUMMARY = message("hrv_status_summary", 370, {
  timestamp,
  last_night_average: u16(1, 128),
});
export const HRV_VALUE = message("hrv_value", 371, { timestamp, value: u16(0, 128) });
export const SKIN_TEMP_OVERNIGHT = message("skin_temp_overnight", 398, {
  timestamp,
  local_timestamp: time(0),
  average_deviation: of(FLOAT32)(1),
});
