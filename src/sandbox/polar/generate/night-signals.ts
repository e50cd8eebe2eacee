import { addDays } from "../../kit/clock.ts";
import { mean, Random } from "../../kit/random.ts";
import type { Athlete } from "./athlete.ts";
import { clockMinute, type Local, MINUTE } from "./local-time.ts";
import { type Night, sessionOf } from "./plan.ts";
import { DEEP, REM, sleepStages, WAKE } from "./sleep-stages.ts";

const EPOCH = 30_000;
const FIVE_MINUTES = 5 * MINUTE;

/** Five-minute values with the minute they were taken, in the order of the night. */
export type Timed = { time: Local; value: number }[];

export interface NightSignals {
  stages: number[];
  heartRate: Timed;
  hrv: Timed;
  breathing: Timed;
}

const known = new WeakMap<Athlete, Map<string, NightSignals>>();

/** Returns heart rate, its variability and breathing of one night. Several resources use the same night. */
export function nightSignals(athlete: Athlete, night: Night): NightSignals {
  const nights = known.get(athlete) ?? new Map<string, NightSignals>();
  known.set(athlete, nights);
  const signals = nights.get(night.date) ?? signalsOf(athlete, night);
  nights.set(night.date, signals);
  return signals;
}

function signalsOf(athlete: Athlete, night: Night): NightSignals {
  const random = new Random(athlete.seed, night.date, "signals");
  const stages = sleepStages(athlete, night);
  const strain = strainBefore(athlete, night);
  const form = random.normal();
  const every = (delay: number, value: (stage: number, hours: number) => number): Timed =>
    times(night, delay).map((time) => {
      const stage = stages[Math.floor((time - night.start) / EPOCH)] ?? WAKE;
      return { time, value: value(stage, (time - night.start) / (60 * MINUTE)) };
    });
  return {
    stages,
    heartRate: every(1, (stage, hours) => {
      const settling = (7 + 9 * strain) * Math.exp(-hours / 1.8);
      return (
        athlete.restingHr + 2 - form + settling + stageOf(stage, [7, 3, 0, -1.5]) + 1.4 * random.normal()
      );
    }),
    hrv: every(2, (stage, hours) => {
      const level = athlete.hrv * (1 + 0.1 * form - 0.28 * strain * Math.exp(-hours / 3));
      return Math.max(12, level * (1 + stageOf(stage, [-0.3, -0.12, 0, 0.08])) + 8 * random.normal());
    }),
    breathing: every(
      0,
      (stage) =>
        athlete.breathing +
        0.5 * strain -
        0.25 * form +
        stageOf(stage, [1.6, 0.6, 0, -0.2]) +
        0.35 * random.normal(),
    ),
  };
}

/** [awake, REM, light, deep] */
function stageOf(stage: number, [wake, rem, light, deep]: [number, number, number, number]): number {
  if (stage === WAKE) return wake;
  if (stage === REM) return rem;
  return stage === DEEP ? deep : light;
}

/** Returns how hard or late the training of the day before was, from 0 to 1. */
function strainBefore(athlete: Athlete, night: Night): number {
  const session = sessionOf(athlete, addDays(night.date, -1));
  if (!session) return 0;
  const hard: Partial<Record<typeof session.kind, number>> = {
    "interval run": 1,
    "long run": 0.6,
    ride: 0.5,
  };
  return hard[session.kind] ?? 0.25;
}

function times(night: Night, delayMinutes: number): Local[] {
  const first = Math.floor(night.start / MINUTE) * MINUTE + delayMinutes * MINUTE;
  const end = night.start + night.epochs * EPOCH;
  const count = Math.floor((end - first) / FIVE_MINUTES) + 1;
  return Array.from({ length: count }, (_, index) => first + index * FIVE_MINUTES);
}

/**
 * Returns the mean over the four hours that begin half an hour after falling asleep, which nightly recharge is measured
 * in.
 */
export function firstHours(night: Night, signal: Timed): number {
  const start = night.start + 30 * MINUTE;
  return mean(
    signal.filter(({ time }) => time >= start && time < start + 240 * MINUTE).map(({ value }) => value),
  );
}

export function byMinute<T>(signal: Timed, write: (value: number) => T): Record<string, T> {
  return Object.fromEntries(signal.map(({ time, value }) => [clockMinute(time), write(value)]));
}

/** Returns the heart rate of the sleeping person at a moment, if the night covers it. */
export function asleepHeartRate(athlete: Athlete, night: Night, time: Local): number | undefined {
  const { heartRate } = nightSignals(athlete, night);
  const first = heartRate[0]?.time ?? 0;
  return heartRate[Math.floor((time - first) / FIVE_MINUTES)]?.value;
}
