import { clamp, Random } from "../../kit/random.ts";
import { decimal } from "../decimal.ts";
import type { Athlete } from "./athlete.ts";
import { HOUR, type Local, MINUTE, toUtc, utcSecond } from "./local-time.ts";
import { nightSignals } from "./night-signals.ts";
import { type Night, nightEnd } from "./plan.ts";
import { sleepScores } from "./sleep.ts";

const VALID = "VALIDITY_VALID";
const AWAKE_HOURS = 16;

/** Makes one night of `GET /v3/users/sleepwise/alertness`: all times UTC without Z. */
export function alertnessBody(athlete: Athlete, night: Night): object {
  const scores = sleepScores(nightSignals(athlete, night).stages);
  const grade = clamp(scores.sleep / 9 - 0.8, 0, 10);
  const end = nightEnd(night);
  const utc = (time: Local) => utcSecond(time, athlete.utcOffset);
  const fraction = (time: Local) => `${utc(time)}.${String(time % 1000).padStart(3, "0")}`;
  return {
    grade: decimal(grade, 1),
    grade_validity_seconds: AWAKE_HOURS * 3600,
    grade_type: "GRADE_TYPE_PRIMARY",
    grade_classification: classification(grade),
    validity: VALID,
    sleep_inertia: grade > 7 ? "SLEEP_INERTIA_NO_INERTIA" : "SLEEP_INERTIA_MILD",
    sleep_type: "SLEEP_TYPE_PRIMARY",
    result_type: "ALERTNESS_TYPE_HISTORY",
    period_start_time: utc(night.start),
    period_end_time: utc(end + AWAKE_HOURS * HOUR),
    sleep_period_start_time: fraction(night.start),
    sleep_period_end_time: fraction(end),
    sleep_timezone_offset_minutes: athlete.utcOffset,
    hourly_data: hourly(athlete, end, grade),
  };
}

function classification(grade: number): string {
  if (grade < 4) return "GRADE_CLASSIFICATION_WEAK";
  if (grade < 6) return "GRADE_CLASSIFICATION_FAIR";
  return grade < 8.5 ? "GRADE_CLASSIFICATION_STRONG" : "GRADE_CLASSIFICATION_EXCELLENT";
}

const LEVELS = ["MINIMAL", "VERY_LOW", "LOW", "HIGH", "VERY_HIGH"];

/**
 * Returns alertness by the hour: sleepy at first, best late in the morning, lower after lunch, and falling towards
 * bedtime.
 */
function hourly(athlete: Athlete, waking: Local, grade: number): object[] {
  const first = Math.ceil(waking / MINUTE) * MINUTE;
  return Array.from({ length: AWAKE_HOURS }, (_, index) => {
    const end = Math.floor(first / HOUR) * HOUR + (index + 1) * HOUR;
    const start = index === 0 ? first : end - HOUR;
    const rhythm = 0.9 * Math.sin(((index - 2) / 5) * Math.PI) - (index > 12 ? 1.2 : 0);
    const level = clamp(Math.round(grade / 2.6 + rhythm - (index === 0 ? 1 : 0)), 0, 4);
    return {
      validity: VALID,
      alertness_level: `ALERTNESS_LEVEL_${LEVELS[level]}`,
      start_time: utcSecond(start, athlete.utcOffset),
      end_time: utcSecond(end, athlete.utcOffset),
    };
  });
}

/** Makes one night of `GET /v3/users/sleepwise/circadian-bedtime`. */
export function circadianBedtimeBody(athlete: Athlete, night: Night): object {
  const random = new Random(athlete.seed, night.date, "circadian");
  const bedtime = Math.round((night.start - random.int(-15, 35) * MINUTE) / MINUTE) * MINUTE;
  const utc = (minutes: number) =>
    new Date(toUtc(bedtime, athlete.utcOffset) + minutes * MINUTE).toISOString().slice(0, 19);
  return {
    validity: VALID,
    quality: random.chance(0.8)
      ? "CIRCADIAN_BEDTIME_QUALITY_CLEARLY_RECOGNIZABLE"
      : "CIRCADIAN_BEDTIME_QUALITY_COMPROMISED",
    result_type: "CIRCADIAN_BEDTIME_TYPE_HISTORY",
    period_start_time: utc(0),
    period_end_time: utc(480),
    preferred_sleep_period_start_time: utc(0),
    preferred_sleep_period_end_time: utc(480),
    sleep_gate_start_time: utc(-15),
    sleep_gate_end_time: utc(15),
    sleep_timezone_offset_minutes: athlete.utcOffset,
  };
}
