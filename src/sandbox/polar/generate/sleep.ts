import { clamp, Random } from "../../kit/random.ts";
import { decimal } from "../decimal.ts";
import { type Athlete, polarUser } from "./athlete.ts";
import { clockMinute, withOffset } from "./local-time.ts";
import { byMinute, nightSignals } from "./night-signals.ts";
import { type Night, nightEnd } from "./plan.ts";
import { DEEP, LIGHT, LIGHTER, REM, runsOf, UNKNOWN, WAKE } from "./sleep-stages.ts";

const EPOCH_SECONDS = 30;
/** Interruptions of 90 seconds and more count as long. */
const LONG_EPOCHS = 3;
const SLEEP_GOAL = 28_800;

export interface SleepScores {
  sleep: number;
  charge: number;
  continuity: number;
  duration: number;
  solidity: number;
  regeneration: number;
}

/** Makes a night as `GET /v3/users/sleep/{date}` returns it. */
export function sleepBody(athlete: Athlete, night: Night): object {
  const { stages, heartRate } = nightSignals(athlete, night);
  const seconds = secondsByStage(stages);
  const scores = sleepScores(stages);
  const random = new Random(athlete.seed, night.date, "rating");
  return {
    polar_user: polarUser(athlete),
    date: night.date,
    sleep_start_time: withOffset(night.start, athlete.utcOffset),
    sleep_end_time: withOffset(nightEnd(night), athlete.utcOffset),
    device_id: athlete.deviceId,
    continuity: decimal(scores.continuity, 1),
    continuity_class: Math.round(scores.continuity),
    light_sleep: seconds.light,
    deep_sleep: seconds.deep,
    rem_sleep: seconds.rem,
    unrecognized_sleep_stage: seconds.unknown,
    sleep_score: scores.sleep,
    total_interruption_duration: seconds.short + seconds.long,
    sleep_charge: scores.charge,
    sleep_rating: random.chance(0.6) ? 0 : clamp(scores.charge + random.int(-1, 1), 1, 5),
    short_interruption_duration: seconds.short,
    long_interruption_duration: seconds.long,
    sleep_goal: SLEEP_GOAL,
    group_duration_score: decimal(scores.duration),
    group_solidity_score: decimal(scores.solidity),
    group_regeneration_score: decimal(scores.regeneration),
    sleep_cycles: cycles(stages),
    hypnogram: hypnogram(night, stages),
    heart_rate_samples: byMinute(heartRate, Math.round),
  };
}

function secondsByStage(stages: readonly number[]) {
  const total = (...codes: number[]) =>
    stages.filter((stage) => codes.includes(stage)).length * EPOCH_SECONDS;
  const sum = (runs: number[]) => runs.reduce((all, epochs) => all + epochs, 0) * EPOCH_SECONDS;
  const wakings = runsOf(stages, WAKE);
  return {
    light: total(LIGHT, LIGHTER),
    deep: total(DEEP),
    rem: total(REM),
    unknown: total(UNKNOWN),
    short: sum(wakings.filter((epochs) => epochs < LONG_EPOCHS)),
    long: sum(wakings.filter((epochs) => epochs >= LONG_EPOCHS)),
  };
}

export function sleepScores(stages: readonly number[]): SleepScores {
  const seconds = secondsByStage(stages);
  const asleep = seconds.light + seconds.deep + seconds.rem + seconds.unknown;
  const awake = seconds.short + seconds.long;
  const score = (share: number) => clamp(100 * share, 1, 100);
  const duration = score((asleep + 1500) / SLEEP_GOAL);
  const solidity = score(1 - seconds.long / 5400 - seconds.short / 9000);
  const regeneration = score((seconds.deep / 4800 + seconds.rem / 6600) / 2);
  const sleep = Math.round(clamp(0.44 * duration + 0.28 * solidity + 0.28 * regeneration, 1, 100));
  return {
    sleep,
    charge: clamp(Math.round(3 + (sleep - 82) / 6), 1, 5),
    continuity: clamp(5 - (8 * awake) / Math.max(1, asleep + awake) - runsOf(stages, WAKE).length / 25, 1, 5),
    duration,
    solidity,
    regeneration,
  };
}

/** Counts the cycles. A cycle ends with REM after more than half an hour without it. */
function cycles(stages: readonly number[]): number {
  const dreaming = stages.flatMap((stage, index) => (stage === REM ? [index] : []));
  return dreaming.filter((at, index) => index === 0 || at - (dreaming[index - 1] ?? 0) > 60).length;
}

/**
 * Writes the hypnogram. Epochs are half-minutes but keys are minutes: a stage that lasted less is overwritten by the
 * next, and successive keys may have the same code. The last key is the waking.
 */
function hypnogram(night: Night, stages: readonly number[]): Record<string, number> {
  const keys: Record<string, number> = {};
  stages.forEach((stage, index) => {
    if (stage !== stages[index - 1]) keys[clockMinute(night.start + index * 30_000)] = stage;
  });
  keys[clockMinute(nightEnd(night))] = WAKE;
  return keys;
}
