/** Nights and naps. */
import { clamp, Random, wandering } from "../../kit/random.ts";
import { type Day, idOf, minute, written, writtenPrecisely } from "./plan.ts";

const phaseMs = 5 * minute;

/** Phases of five minutes in cycles of ninety: light, deep, light, REM; awake at both ends. */
function phases(count: number, random: Random): string {
  const cycle = "222211112222222333";
  return Array.from({ length: count }, (_, index) =>
    index === 0 || index === count - 1 || random.chance(0.04) ? "4" : (cycle[index % cycle.length] ?? "2"),
  ).join("");
}

function series(start: number, offsetMinutes: number, values: readonly (number | null)[]): object {
  return { interval: 300, items: values, timestamp: writtenPrecisely(start, offsetMinutes) };
}

interface Period {
  readonly what: string;
  readonly start: number;
  readonly end: number;
  readonly type: "long_sleep" | "sleep";
}

function periodBody(day: Day, { what, start, end, type }: Period): object {
  const random = new Random(...day.key, what);
  const count = Math.max(1, Math.ceil((end - start) / phaseMs));
  const stages = phases(count, random);
  const secondsOf = (digit: string) => [...stages].filter((one) => one === digit).length * 300;
  const wander = wandering(random, 0.1, 2);
  const beats = Array.from({ length: count }, () =>
    random.chance(0.03) ? null : Math.round(clamp(58 + wander(), 42, 90)),
  );
  const hrv = beats.map((bpm) =>
    bpm === null ? null : Math.round(clamp(120 - bpm + random.normal() * 8, 8, 150)),
  );
  const known = beats.filter((bpm) => bpm !== null);
  const isLong = type === "long_sleep";
  const asleep = secondsOf("1") + secondsOf("2") + secondsOf("3");
  const inBed = Math.round((end - start) / 1_000);
  return {
    id: idOf(day, what),
    average_breath: isLong ? Math.round(random.between(12, 17) * 8) / 8 : null,
    average_heart_rate: isLong
      ? Math.round((known.reduce((sum, one) => sum + one, 0) / known.length) * 100) / 100
      : null,
    average_hrv: isLong ? random.int(25, 70) : null,
    awake_time: secondsOf("4"),
    bedtime_end: written(end, day.offsetMinutes),
    bedtime_start: written(start, day.offsetMinutes),
    day: day.date,
    deep_sleep_duration: secondsOf("1"),
    efficiency: clamp(Math.round((asleep / inBed) * 100), 1, 100),
    heart_rate: isLong ? series(start, day.offsetMinutes, beats) : null,
    hrv: isLong ? series(start, day.offsetMinutes, hrv) : null,
    latency: random.int(2, 20) * 60,
    light_sleep_duration: secondsOf("2"),
    low_battery_alert: false,
    lowest_heart_rate: isLong ? Math.min(...known) - 2 : null,
    movement_30_sec: Array.from({ length: count * 10 }, () => (random.chance(0.1) ? "2" : "1")).join(""),
    period: isLong ? 0 : 1,
    readiness: null,
    readiness_score_delta: 0,
    rem_sleep_duration: secondsOf("3"),
    restless_periods: random.int(20, 200),
    sleep_phase_5_min: stages,
    sleep_score_delta: 0,
    sleep_algorithm_version: "v2",
    time_in_bed: inBed,
    total_sleep_duration: asleep,
    type,
  };
}

export const nightBody = (day: Day): object =>
  periodBody(day, { what: "night", start: day.bedtime, end: day.wakeUp, type: "long_sleep" });

export function napBody(day: Day): object | null {
  if (day.nap === null) return null;
  const { start, minutes } = day.nap;
  return periodBody(day, { what: "nap", start, end: start + minutes * minute, type: "sleep" });
}
