/** Small AccessLink bodies of our own, shaped as devices send them. */

/** Returns the date this many days ago in UTC, `YYYY-MM-DD`, inside every window of Polar's. */
export const daysAgo = (days: number): string =>
  new Date(Date.now() - days * 24 * 3_600_000).toISOString().slice(0, 10);

type Fields = Record<string, unknown>;

/** Returns an exercise: three seconds of running at UTC+2. */
export const exercise = (id: string, changes: Fields = {}): Fields => ({
  id,
  upload_time: `${daysAgo(3)}T12:00:00Z`,
  polar_user: "https://www.polaraccesslink.com/v3/users/1",
  device: "Polar Test",
  start_time: `${daysAgo(3)}T10:00:00`,
  start_time_utc_offset: 120,
  duration: "PT3S",
  calories: 4,
  heart_rate: { average: 100, maximum: 102 },
  sport: "RUNNING",
  detailed_sport_info: "RUNNING",
  has_route: false,
  samples: [{ recording_rate: 1, sample_type: 0, data: "98,100,102" }],
  ...changes,
});

export const activityDay = (date: string, changes: Fields = {}): Fields => ({
  start_time: `${date}T00:00`,
  end_time: `${date}T23:59:59`,
  active_duration: "PT2H",
  inactive_duration: "PT10H",
  daily_activity: 80.5,
  calories: 2_200,
  active_calories: 500,
  steps: 8_000,
  inactivity_alert_count: 1,
  distance_from_steps: 6_000.5,
  ...changes,
});

export const heartRateDay = (
  date: string,
  samples: readonly (readonly [time: string, bpm: number])[],
): Fields => ({
  polar_user: "https://polaraccesslink.com/v3/users/1",
  date,
  heart_rate_samples: samples.map(([sample_time, heart_rate]) => ({ heart_rate, sample_time })),
});

/** Returns a night from 23:00 the evening before to 07:00, at UTC+1. */
export const night = (date: string, eve: string, changes: Fields = {}): Fields => ({
  polar_user: "https://polaraccesslink.com/v3/users/1",
  date,
  sleep_start_time: `${eve}T23:00:00.000+01:00`,
  sleep_end_time: `${date}T07:00:00.000+01:00`,
  device_id: "TEST",
  continuity: 3.1,
  continuity_class: 3,
  light_sleep: 14_400,
  deep_sleep: 5_400,
  rem_sleep: 7_200,
  unrecognized_sleep_stage: 0,
  sleep_score: 77,
  total_interruption_duration: 1_800,
  sleep_charge: 3,
  sleep_rating: 3,
  short_interruption_duration: 600,
  long_interruption_duration: 1_200,
  sleep_goal: 28_800,
  sleep_cycles: 5,
  hypnogram: { "23:00": 3, "23:50": 4, "00:30": 1, "06:30": 0 },
  heart_rate_samples: { "23:05": 55, "00:05": 52, "06:55": 60 },
  ...changes,
});

export const recharge = (date: string, changes: Fields = {}): Fields => ({
  polar_user: "https://polaraccesslink.com/v3/users/1",
  date,
  heart_rate_avg: 53,
  beat_to_beat_avg: 1_130,
  heart_rate_variability_avg: 61,
  breathing_rate_avg: 13.4,
  nightly_recharge_status: 4,
  ans_charge: 2.1,
  ans_charge_status: 3,
  hrv_samples: { "23:35": 60, "00:05": 62 },
  breathing_samples: { "23:35": 13.2, "00:05": 13.6 },
  ...changes,
});
