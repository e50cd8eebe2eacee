import { Random } from "../../kit/random.ts";
import type { Athlete } from "./athlete.ts";
import type { Night } from "./plan.ts";

/** Polar's hypnogram codes. */
export const WAKE = 0;
export const REM = 1;
export const LIGHTER = 2;
export const LIGHT = 3;
export const DEEP = 4;
export const UNKNOWN = 5;

/**
 * Makes a night in half-minutes: cycles of about 90 minutes, deep sleep mostly in the first ones, more REM towards the
 * morning, short wakings in between.
 */
export function sleepStages(athlete: Athlete, night: Night): number[] {
  const random = new Random(athlete.seed, night.date, "stages");
  const stages: number[] = [];
  for (let cycle = 0; stages.length < night.epochs; cycle++) stages.push(...cycleOf(random, cycle));
  const slept = stages.slice(0, night.epochs);
  wakeNowAndThen(random, slept);
  loseSkinContact(random, slept);
  return slept;
}

function cycleOf(random: Random, cycle: number): number[] {
  const minutes = (low: number, high: number) => 2 * Math.round(random.between(low, high));
  const stage = (code: number, length: number) => new Array<number>(Math.max(0, length)).fill(code);
  return [
    ...stage(cycle === 0 ? LIGHTER : LIGHT, minutes(2, 6)),
    ...stage(LIGHT, minutes(8, 18)),
    ...stage(DEEP, minutes(24, 36) - 18 * cycle),
    ...stage(LIGHT, minutes(18, 30) + 8 * cycle),
    ...stage(REM, minutes(6, 12) + 12 * cycle),
    ...stage(WAKE, random.int(1, 5)),
  ];
}

/** Adds wakings: one about every twenty minutes, most of them shorter than a minute and a half. */
function wakeNowAndThen(random: Random, stages: number[]): void {
  for (let at = random.int(20, 50); at < stages.length; at += random.int(22, 60)) {
    const length = random.chance(0.15) ? random.int(3, 8) : random.int(1, 2);
    stages.fill(WAKE, at, Math.min(at + length, stages.length));
  }
}

function loseSkinContact(random: Random, stages: number[]): void {
  if (!random.chance(0.08)) return;
  const at = random.int(60, Math.max(60, stages.length - 60));
  stages.fill(UNKNOWN, at, Math.min(at + random.int(4, 20), stages.length));
}

/** Returns the lengths, in epochs, of the unbroken runs of a stage. */
export function runsOf(stages: readonly number[], code: number): number[] {
  const runs: number[] = [];
  stages.forEach((stage, index) => {
    if (stage !== code) return;
    if (stages[index - 1] === code) runs.push((runs.pop() ?? 0) + 1);
    else runs.push(1);
  });
  return runs;
}
