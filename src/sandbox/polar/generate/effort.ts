import { clamp, Random, wandering } from "../../kit/random.ts";
import { type Athlete, reserveUsed } from "./athlete.ts";
import type { Session, SessionKind } from "./plan.ts";

/** The effort of a session at a moment, as a share of the heart-rate reserve. */
type Profile = (second: number, total: number) => number;

const warmUp = (second: number, minutes: number) => Math.min(1, 0.45 + (0.55 * second) / (minutes * 60));

/** Three hard minutes, then two easy ones. */
const intervals: Profile = (second, total) => {
  if (second < 720) return 0.62 * warmUp(second, 6);
  if (second > total - 480) return 0.52;
  return (second - 720) % 300 < 180 ? 0.9 : 0.58;
};

const PROFILES: Record<SessionKind, Profile> = {
  "easy run": (second) => 0.66 * warmUp(second, 8),
  "interval run": intervals,
  "long run": (second) => 0.64 * warmUp(second, 10),
  ride: (second) => (0.58 + 0.12 * Math.sin(second / 290)) * warmUp(second, 8),
  swim: (second) => (second % 480 < 420 ? 0.6 : 0.42) * warmUp(second, 5),
  strength: (second) => (second % 150 < 50 ? 0.55 : 0.3),
  walk: (second) => 0.3 * warmUp(second, 3),
};

export function effortAt(session: Session, second: number): number {
  return Math.min(1, session.intensity * PROFILES[session.kind](second, session.length / 1000));
}

export const secondsOf = (session: Session) => Math.floor(session.length / 1000);

/**
 * Returns the heart rate of each second. It follows effort with a lag, faster up than down, and drifts upward while the
 * work stays the same.
 */
export function heartRateOf(athlete: Athlete, session: Session): number[] {
  const random = new Random(athlete.seed, session.start, "heart rate");
  const noise = wandering(random, 0.02, 0.28);
  const reserve = athlete.maximumHr - athlete.restingHr;
  let rate = athlete.restingHr + 22 + random.between(0, 10);
  return Array.from({ length: secondsOf(session) }, (_, second) => {
    const effort = effortAt(session, second);
    const drift = (effort * second * 0.11) / 60;
    const target = athlete.restingHr + effort * reserve + drift;
    rate += (target - rate) / (target > rate ? 26 : 48);
    return Math.round(clamp(rate + noise(), athlete.restingHr, athlete.maximumHr));
  });
}

/** Returns Banister's training impulse, on which cardio load is based. */
export function cardioLoad(athlete: Athlete, heartRate: readonly number[]): number {
  const [factor, exponent] = athlete.female ? [0.86, 1.67] : [0.64, 1.92];
  const impulses = heartRate.map((rate) => {
    const used = reserveUsed(athlete, rate);
    return used * factor * Math.exp(exponent * used);
  });
  return impulses.reduce((sum, impulse) => sum + impulse, 0) / 60;
}
