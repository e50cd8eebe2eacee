import { secondsStamp } from "../../kit/clock.ts";
import { clamp, mean, Random } from "../../kit/random.ts";
import { decimal } from "../decimal.ts";
import { type Athlete, reserveUsed, zoneLimits } from "./athlete.ts";
import { cardioLoad, heartRateOf } from "./effort.ts";
import { isoDuration, localSecond, MINUTE, toUtc } from "./local-time.ts";
import { movementOf, routeOf } from "./movement.ts";
import type { Session, SessionKind } from "./plan.ts";
import { powers, sampleSeries } from "./sample-series.ts";

const SPORTS: Record<SessionKind, { sport: string; detailed: string }> = {
  "easy run": { sport: "RUNNING", detailed: "RUNNING" },
  "interval run": { sport: "RUNNING", detailed: "RUNNING" },
  "long run": { sport: "RUNNING", detailed: "RUNNING" },
  ride: { sport: "CYCLING", detailed: "ROAD_BIKING" },
  swim: { sport: "SWIMMING", detailed: "POOL_SWIMMING" },
  strength: { sport: "OTHER", detailed: "STRENGTH_TRAINING" },
  walk: { sport: "OTHER", detailed: "WALKING" },
};

export const isRun = (session: Session) => session.kind.endsWith("run");

/** Makes a session as `GET /v3/exercises?samples=true&zones=true&route=true` returns it, with keys in Polar's order. */
export function exerciseBody(athlete: Athlete, session: Session): object {
  const heartRate = heartRateOf(athlete, session);
  const movement = movementOf(athlete, session);
  const { sport, detailed } = SPORTS[session.kind];
  const distance = metresOf(session, movement?.distance.at(-1));
  const average = Math.round(mean(heartRate));
  return {
    id: session.id,
    upload_time: secondsStamp(toUtc(session.start + session.length + 4 * MINUTE, athlete.utcOffset)),
    polar_user: `https://www.polaraccesslink.com/v3/users/${athlete.userId}`,
    device: "Polar Pacer Pro",
    device_id: athlete.deviceId,
    start_time: localSecond(session.start),
    start_time_utc_offset: athlete.utcOffset,
    duration: `PT${(session.length / 1000).toFixed(3)}S`,
    ...(distance !== undefined && { distance: decimal(distance, 1) }),
    heart_rate: { average, maximum: Math.max(...heartRate) },
    sport,
    has_route: movement !== undefined,
    detailed_sport_info: detailed,
    calories: Math.round(calories(athlete, heartRate)),
    ...(isRun(session) && {
      running_index: athlete.vo2max + new Random(athlete.seed, session.id).int(-3, 3),
    }),
    ...energySources(reserveUsed(athlete, average)),
    heart_rate_zones: zones(athlete, heartRate),
    samples: sampleSeries(athlete, session, heartRate, movement),
    ...(movement && { route: routeOf(athlete, session, movement) }),
    training_load_pro: trainingLoad(athlete, session, heartRate, movement?.speed),
  };
}

/**
 * Returns the distance of the summary: a few metres more than the last sample. A pool's lengths are counted, without
 * positions.
 */
function metresOf(session: Session, last: number | undefined): number | undefined {
  if (last !== undefined) return Math.round(last) + 2;
  return session.kind === "swim" ? Math.round(session.length / MINUTE / 2.1) * 100 : undefined;
}

/** Keytel's estimate from heart rate, age and weight, in kcal. */
function calories(athlete: Athlete, heartRate: readonly number[]): number {
  const { age, weight, female } = athlete;
  const perMinute = (rate: number) =>
    female
      ? (-20.4022 + 0.4472 * rate - 0.1263 * weight + 0.074 * age) / 4.184
      : (-55.0969 + 0.6309 * rate + 0.1988 * weight + 0.2017 * age) / 4.184;
  return heartRate.reduce((sum, rate) => sum + Math.max(1, perMinute(rate)), 0) / 60;
}

/** Returns the sources of energy: the harder the session, the less fat. */
function energySources(used: number): object {
  const fat = Math.round(clamp(86 - 75 * used, 15, 80));
  const protein = used > 0.6 ? 2 : 0;
  return { fat_percentage: fat, carbohydrate_percentage: 100 - fat - protein, protein_percentage: protein };
}

/** Returns the zones; time below the first zone counts in none. */
function zones(athlete: Athlete, heartRate: readonly number[]): object[] {
  const limits = zoneLimits(athlete);
  return limits.slice(0, -1).map((lower, index) => {
    const upper = limits[index + 1] ?? lower;
    const inside = heartRate.filter((rate) => rate >= lower && (rate < upper || index === 4)).length;
    return { index, lower_limit: lower, upper_limit: upper, in_zone: isoDuration(inside) };
  });
}

const LOAD_STEPS = [
  [25, "VERY_LOW"],
  [50, "LOW"],
  [90, "MEDIUM"],
  [150, "HIGH"],
  [Number.POSITIVE_INFINITY, "VERY_HIGH"],
] as const;

const interpretation = (load: number) => LOAD_STEPS.find(([limit]) => load < limit)?.[1] ?? "NOT_AVAILABLE";

/**
 * Returns the training load as devices write it: kebab-case keys inside a snake_case body, with −1.0 and 0.0 where
 * there is no value.
 */
function trainingLoad(
  athlete: Athlete,
  session: Session,
  heartRate: readonly number[],
  speed: readonly number[] | undefined,
): object {
  const cardio = cardioLoad(athlete, heartRate);
  const muscle =
    isRun(session) && speed ? powers(athlete, speed).reduce((sum, watts) => sum + watts, 0) / 1000 : -1;
  return {
    "cardio-load": decimal(cardio),
    "cardio-load-interpretation": interpretation(cardio),
    "muscle-load": decimal(muscle, 3),
    "muscle-load-interpretation": muscle < 0 ? "NOT_AVAILABLE" : interpretation(muscle / 9),
    "perceived-load": decimal(0),
    "perceived-load-interpretation": "NOT_AVAILABLE",
    "user-rpe": "UNKNOWN",
  };
}
