/** Invented bodies of Oura's shape, for tests. */

export const listOf = (...data: readonly object[]) => ({ data, next_token: null });

export const id = (number: number): string => `00000000-0000-4000-8000-${String(number).padStart(12, "0")}`;

const seriesFrom = (timestamp: string, interval: number, items: readonly (number | null)[]) => ({
  interval,
  items,
  timestamp,
});

const readiness = {
  contributors: { activity_balance: 80, hrv_balance: null, sleep_regularity: 70 },
  score: 71,
  temperature_deviation: -0.05,
  temperature_trend_deviation: 0.1,
};

export const night = {
  id: id(1),
  average_breath: 14.5,
  average_heart_rate: 61.25,
  average_hrv: 38,
  awake_time: 900,
  bedtime_end: "2025-05-12T06:30:00+02:00",
  bedtime_start: "2025-05-11T23:00:00+02:00",
  day: "2025-05-12",
  deep_sleep_duration: 3060,
  efficiency: 88,
  heart_rate: seriesFrom("2025-05-11T23:00:00.000+02:00", 300.0, [66, null, 64, 0, 70]),
  hrv: seriesFrom("2025-05-11T23:00:00.000+02:00", 300.0, [20, null, 30]),
  latency: 930,
  light_sleep_duration: 17160,
  low_battery_alert: false,
  lowest_heart_rate: 52,
  movement_30_sec: "1142",
  period: 0,
  readiness,
  readiness_score_delta: 0,
  rem_sleep_duration: 3000,
  restless_periods: 83,
  sleep_phase_5_min: "4213",
  sleep_phase_30_sec: null,
  app_sleep_phase_5_min: "4213",
  sleep_score_delta: 0,
  sleep_algorithm_version: "v2",
  sleep_analysis_reason: "bedtime_edit",
  time_in_bed: 27000,
  total_sleep_duration: 23220,
  type: "long_sleep",
  ring_id: "ring",
};

/** It ends after 18:00, so it belongs to the next day. */
export const lateNap = {
  id: id(2),
  bedtime_start: "2025-05-11T18:10:00+02:00",
  bedtime_end: "2025-05-11T18:40:00+02:00",
  day: "2025-05-12",
  heart_rate: null,
  hrv: null,
  low_battery_alert: false,
  period: 1,
  readiness: null,
  sleep_phase_5_min: "422224",
  time_in_bed: 1800,
  total_sleep_duration: 1200,
  type: "late_nap",
};

export const rejectedNap = { ...lateNap, id: id(3), type: "rest" };

export const activityDay = {
  id: id(10),
  class_5_min: "0123455",
  score: 95,
  active_calories: 1153,
  average_met_minutes: 1.875,
  contributors: { meet_daily_targets: 100, stay_active: null },
  equivalent_walking_distance: 17850,
  high_activity_met_minutes: 417,
  high_activity_time: 2460,
  inactivity_alerts: 0,
  low_activity_met_minutes: 181,
  low_activity_time: 18060,
  medium_activity_met_minutes: 260,
  medium_activity_time: 4860,
  met: seriesFrom("2025-05-12T04:00:00.000+02:00", 60.0, [0.9, 1.2, null, 3.4]),
  meters_to_target: -3500,
  non_wear_time: 60,
  resting_time: 22860,
  sedentary_met_minutes: 13,
  sedentary_time: 38100,
  steps: 15185,
  target_calories: 950,
  target_meters: 17000,
  total_calories: 3502,
  day: "2025-05-12",
  timestamp: "2025-05-12T04:00:00+02:00",
};

const day = "2025-05-12";
const scored = { day, timestamp: "2025-05-12T00:00:00+00:00" };

export const sleepScore = {
  id: id(11),
  contributors: { deep_sleep: 68, timing: null },
  score: 77,
  ...scored,
};
export const readinessScore = { id: id(12), ...readiness, score: 86, ...scored };
export const spo2 = {
  id: id(13),
  day,
  spo2_percentage: { average: 98.072 },
  breathing_disturbance_index: 15,
};
export const stress = { id: id(14), day, stress_high: 1800, recovery_high: 7200, day_summary: "normal" };
export const resilience = {
  id: id(15),
  day,
  contributors: { sleep_recovery: 46.2, daytime_recovery: 49.3, stress: 34.5 },
  level: "adequate",
};
export const cardiovascularAge = { day, vascular_age: 39, pulse_wave_velocity: 7.2 };
export const vo2Max = { id: id(16), day, timestamp: "2025-05-12T09:00:00+02:00", vo2_max: 48 };
export const bedtime = {
  id: id(17),
  day,
  optimal_bedtime: { day_tz: 7200, end_offset: -1800, start_offset: -5400 },
  recommendation: null,
  status: "optimal_found",
};

export const enhancedTag = {
  id: id(20),
  tag_type_code: "custom",
  start_time: "2025-05-12T18:36:03+02:00",
  end_time: null,
  start_day: day,
  end_day: null,
  comment: "after work",
  custom_name: "Sauna",
};
export const note = {
  id: id(21),
  day,
  text: "late coffee",
  timestamp: "2025-05-12T18:36:03+02:00",
  tags: ["tag_generic_caffeine"],
};
export const restMode = {
  id: id(22),
  start_day: day,
  start_time: "2025-05-12T08:00:00+02:00",
  end_day: null,
  end_time: null,
  episodes: [{ tags: ["tag_generic_sick"], timestamp: "2025-05-12T08:00:00+02:00" }],
};

export const workout = {
  id: id(30),
  activity: "cross_country_skiing",
  calories: 87.868,
  day,
  distance: 269.87872314453125,
  start_datetime: "2025-05-12T16:49:00+02:00",
  end_datetime: "2025-05-12T17:33:00+02:00",
  intensity: "easy",
  label: null,
  source: "manual",
};
export const session = {
  id: id(31),
  day,
  start_datetime: "2025-05-12T12:00:00+02:00",
  end_datetime: "2025-05-12T12:05:00+02:00",
  type: "breathing",
  heart_rate: seriesFrom("2025-05-12T12:00:00.000+02:00", 5.0, [60, null, 58]),
  heart_rate_variability: seriesFrom("2025-05-12T12:00:00.000+02:00", 5.0, [44, 0]),
  mood: "same",
  motion_count: seriesFrom("2025-05-12T12:00:00.000+02:00", 5.0, [0, 32]),
};

const beat = (timestamp: string, bpm: number, source: string) => ({
  timestamp,
  timestamp_unix: Date.parse(timestamp),
  bpm,
  source,
});

/** The first is of the evening before; 22:30 UTC is the next day in the person's offset. */
export const heartRate = [
  beat("2025-05-11T21:30:00+00:00", 58, "rest"),
  beat("2025-05-12T14:50:10+00:00", 121, "workout"),
  beat("2025-05-12T14:50:15+00:00", 125, "workout"),
  beat("2025-05-12T20:00:00+00:00", 70, "awake"),
  beat("2025-05-12T22:30:00+00:00", 55, "sleep"),
];
export const battery = [
  {
    timestamp: "2025-05-12T05:00:00+00:00",
    timestamp_unix: 1_747_026_000_000,
    charging: true,
    in_charger: true,
    level: 80,
  },
];

export const person = {
  id: "person-1",
  age: 40,
  weight: 90.2,
  height: 1.8,
  biological_sex: "male",
  email: "user@example.com",
};
export const ring = {
  id: id(40),
  color: "silver",
  design: "heritage",
  firmware_version: "2.9.31",
  hardware_type: "gen3",
  set_up_at: "1970-01-01T00:00:00+00:00",
  size: 10,
};
