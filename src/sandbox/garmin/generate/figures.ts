/** Figures that several bodies of a day have: both versions of its summary, and the lists that repeat a part of it. */
import { Random } from "../../kit/random.ts";
import { bodyBatteryOf } from "./body-battery.ts";
import { type Day, endOfDay, hour, rounded } from "./plan.ts";

/** Returns the figures of a day, the same for all bodies that have them. */
export function figuresOf(day: Day) {
  const random = new Random(...day.key, "day");
  const length = endOfDay(day) - day.midnight;
  const part = length / (24 * hour);
  const steps = Math.round(random.int(3_000, 14_000) * part);
  const floorsUp = rounded(random.between(1, 15) * part, 5);
  const floorsDown = rounded(random.between(1, 15) * part, 5);
  const stress = stressOf(random, Math.round(length / 1_000));
  const vigorous = day.workout !== null && day.workout.start < day.until ? random.int(5, 20) : 0;
  return {
    random,
    length,
    steps,
    metres: Math.round(steps * 0.78),
    bmr: Math.round(1_620 * part),
    active: Math.round(steps * 0.04 + vigorous * 11),
    consumed: random.int(1_500, 2_600),
    floorsUp,
    floorsDown,
    stress,
    moderate: random.int(0, 30),
    vigorous,
    lowest: day.restingHeartRate - 3,
    highest: random.int(110, 170),
    water: random.int(6, 14) * 250,
    battery: bodyBatteryOf(day),
    spo2: random.int(94, 97),
    breaths: random.int(13, 16),
  };
}

export type Figures = ReturnType<typeof figuresOf>;

/** Seconds of stress, which add up to the day, in steps of three minutes. */
function stressOf(random: Random, seconds: number) {
  const share = (portion: number) => Math.floor((seconds * portion) / 180) * 180;
  const [rest, low, medium, high, activity] = [
    share(random.between(0.4, 0.55)),
    share(random.between(0.15, 0.22)),
    share(random.between(0.04, 0.09)),
    share(random.between(0, 0.02)),
    share(random.between(0.03, 0.08)),
  ];
  const total = Math.floor(seconds / 60) * 60;
  const stressed = low + medium + high;
  const uncategorized = Math.max(0, total - rest - stressed - activity);
  return {
    average: random.int(20, 40),
    highest: random.int(80, 99),
    rest,
    low,
    medium,
    high,
    activity,
    stressed,
    uncategorized,
    total,
    percent: (part: number) => (total === 0 ? 0 : rounded((part / total) * 100, 2)),
  };
}

/** What the person aims at. */
export const goals = { steps: 8_000, floors: 10, intensityMinutes: 150, waterMl: 2_500 } as const;
