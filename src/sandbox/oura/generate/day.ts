/** The documents of a day, beside its sleep. */
import { clamp, Random } from "../../kit/random.ts";
import { type Day, hour, idOf, minute, written, writtenPrecisely } from "./plan.ts";

const startOf = (date: string): number => Date.parse(`${date}T00:00:00Z`);

/** What the person does at a minute of the day, as a digit of `class_5_min`. */
function levelAt(day: Day, at: number, random: Random): string {
  if (at < day.wakeUp || at > startOf(day.date) + 23 * hour) return "1";
  const { workout } = day;
  if (workout !== null && at >= workout.start && at < workout.start + workout.minutes * minute) return "5";
  return random.chance(0.15) ? "4" : random.chance(0.4) ? "3" : "2";
}

const mets: Readonly<Record<string, number>> = { "1": 0.9, "2": 1.2, "3": 2.1, "4": 3.6, "5": 7.5 };

/** A day of activity from four in the morning to four, or to now. */
export function activityBody(day: Day, until: number): object {
  const random = new Random(...day.key, "activity");
  const start = startOf(day.date) + 4 * hour;
  const end = Math.min(start + 24 * hour, until);
  const count = Math.max(0, Math.floor((end - start) / (5 * minute)));
  const levels = Array.from({ length: count }, (_, index) =>
    levelAt(day, start + index * 5 * minute, random),
  );
  const secondsOf = (digit: string) => levels.filter((one) => one === digit).length * 300;
  const items = levels.flatMap((digit) =>
    Array.from({ length: 5 }, () => Math.round(((mets[digit] ?? 1) + random.between(0, 0.3)) * 10) / 10),
  );
  const metMinutes = (digit: string) => Math.round((secondsOf(digit) / 60) * (mets[digit] ?? 1));
  const steps = Math.round((secondsOf("3") * 20 + secondsOf("4") * 55 + secondsOf("5") * 130) / 60);
  const active = metMinutes("3") + metMinutes("4") + metMinutes("5");
  return {
    id: idOf(day, "activity"),
    class_5_min: levels.join(""),
    score: random.int(60, 98),
    active_calories: active,
    average_met_minutes:
      items.length === 0
        ? 0
        : Math.round((items.reduce((sum, met) => sum + met, 0) / items.length) * 1_000) / 1_000,
    contributors: {
      meet_daily_targets: random.int(40, 100),
      move_every_hour: random.int(40, 100),
      recovery_time: random.int(40, 100),
      stay_active: random.int(40, 100),
      training_frequency: random.int(40, 100),
      training_volume: random.int(40, 100),
    },
    equivalent_walking_distance: Math.round(steps * 0.9),
    high_activity_met_minutes: metMinutes("5"),
    high_activity_time: secondsOf("5"),
    inactivity_alerts: random.int(0, 4),
    low_activity_met_minutes: metMinutes("3"),
    low_activity_time: secondsOf("3"),
    medium_activity_met_minutes: metMinutes("4"),
    medium_activity_time: secondsOf("4"),
    met: { interval: 60, items, timestamp: writtenPrecisely(start, day.offsetMinutes) },
    meters_to_target: 9_000 - Math.round(steps * 0.9),
    non_wear_time: 0,
    resting_time: secondsOf("1"),
    sedentary_met_minutes: metMinutes("2"),
    sedentary_time: secondsOf("2"),
    steps,
    target_calories: 450,
    target_meters: 9_000,
    total_calories: 1_500 + active,
    day: day.date,
    timestamp: written(start, day.offsetMinutes),
  };
}

/** The scores and measures of a day, by the collection they belong to. */
export function measuresOf(day: Day): ReadonlyMap<string, object> {
  const random = new Random(...day.key, "measures");
  const { date } = day;
  const timestamp = written(startOf(date), day.offsetMinutes);
  const score = () => random.int(55, 95);
  return new Map<string, object>([
    [
      "daily_sleep",
      {
        id: idOf(day, "daily_sleep"),
        contributors: {
          deep_sleep: score(),
          efficiency: score(),
          latency: score(),
          rem_sleep: score(),
          restfulness: score(),
          timing: score(),
          total_sleep: score(),
        },
        day: date,
        score: score(),
        timestamp,
      },
    ],
    [
      "daily_readiness",
      {
        id: idOf(day, "daily_readiness"),
        contributors: {
          activity_balance: score(),
          body_temperature: score(),
          hrv_balance: null,
          previous_day_activity: score(),
          previous_night: score(),
          recovery_index: score(),
          resting_heart_rate: score(),
          sleep_balance: score(),
        },
        day: date,
        score: score(),
        temperature_deviation: Math.round(random.normal() * 20) / 100,
        temperature_trend_deviation: Math.round(random.normal() * 10) / 100,
        timestamp,
      },
    ],
    [
      "daily_spo2",
      {
        id: idOf(day, "daily_spo2"),
        day: date,
        spo2_percentage: { average: Math.round(random.between(95, 99) * 1_000) / 1_000 },
        breathing_disturbance_index: random.int(0, 20),
      },
    ],
    [
      "daily_stress",
      {
        id: idOf(day, "daily_stress"),
        day: date,
        stress_high: random.int(0, 20) * 900,
        recovery_high: random.int(0, 12) * 900,
        day_summary: random.chance(0.2) ? "stressful" : random.chance(0.3) ? "restored" : "normal",
      },
    ],
    [
      "daily_resilience",
      {
        id: idOf(day, "daily_resilience"),
        day: date,
        contributors: {
          sleep_recovery: Math.round(random.between(30, 70) * 10) / 10,
          daytime_recovery: Math.round(random.between(30, 70) * 10) / 10,
          stress: Math.round(random.between(30, 70) * 10) / 10,
        },
        level: "adequate",
      },
    ],
    ["daily_cardiovascular_age", { day: date, vascular_age: clamp(36 + random.int(-2, 2), 18, 100) }],
    [
      "sleep_time",
      {
        id: idOf(day, "sleep_time"),
        day: date,
        optimal_bedtime: { day_tz: day.offsetMinutes * 60, end_offset: -1_800, start_offset: -5_400 },
        recommendation: null,
        status: "optimal_found",
      },
    ],
  ]);
}

export function vo2MaxBody(day: Day): object {
  const at = startOf(day.date) + 9 * hour;
  return {
    id: idOf(day, "vo2_max"),
    day: day.date,
    timestamp: written(at, day.offsetMinutes),
    vo2_max: new Random(...day.key, "vo2").int(38, 46),
  };
}

export function workoutBody(day: Day): object | null {
  if (day.workout === null) return null;
  const { start, minutes, sport } = day.workout;
  const random = new Random(...day.key, "workout");
  return {
    id: idOf(day, "workout"),
    activity: sport,
    calories: Math.round(minutes * random.between(5, 10) * 1_000) / 1_000,
    day: day.date,
    distance: /running|cycling|walking/.test(sport) ? minutes * random.between(90, 300) : null,
    end_datetime: written(start + minutes * minute, day.offsetMinutes),
    intensity: random.chance(0.3) ? "hard" : "moderate",
    label: null,
    source: random.chance(0.2) ? "manual" : "confirmed",
    start_datetime: written(start, day.offsetMinutes),
  };
}

export function sessionBody(day: Day): object {
  const start = startOf(day.date) + 12 * hour;
  const random = new Random(...day.key, "session");
  const items = Array.from({ length: 60 }, () => random.int(0, 30));
  return {
    id: idOf(day, "session"),
    day: day.date,
    start_datetime: written(start, day.offsetMinutes),
    end_datetime: written(start + 5 * minute, day.offsetMinutes),
    type: random.chance(0.5) ? "breathing" : "meditation",
    heart_rate: null,
    heart_rate_variability: null,
    mood: "good",
    motion_count: { interval: 5, items, timestamp: writtenPrecisely(start, day.offsetMinutes) },
  };
}

export function tagBody(day: Day): object {
  const at = startOf(day.date) + 18 * hour + 36 * minute;
  return {
    id: idOf(day, "tag"),
    tag_type_code: "tag_generic_nocaffeine",
    start_time: written(at, day.offsetMinutes),
    end_time: null,
    start_day: day.date,
    end_day: null,
    comment: "",
    custom_name: null,
  };
}
