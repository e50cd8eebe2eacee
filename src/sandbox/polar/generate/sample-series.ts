import { Random } from "../../kit/random.ts";
import type { Athlete } from "./athlete.ts";
import type { Movement } from "./movement.ts";
import type { Session } from "./plan.ts";

/** Polar's sample types. */
const HEART_RATE = 0;
const SPEED = 1;
const CADENCE = 2;
const ALTITUDE = 3;
const POWER = 4;
const TEMPERATURE = 9;
const DISTANCE = 10;

interface Sample {
  recording_rate: number;
  sample_type: number;
  data: string;
}

const sample = (type: number, values: readonly (number | string)[]): Sample => ({
  recording_rate: 1,
  sample_type: type,
  data: values.join(","),
});

/** Writes a number as a 32-bit float that was read as a 64-bit one: 0.2 becomes 0.20000000298023224. */
const float32 = (value: number) => pointed(Math.fround(value));
const pointed = (value: number) => (Number.isInteger(value) ? `${value}.0` : String(value));
const rounded = (digits: number) => (value: number) => pointed(Number(value.toFixed(digits)));

/** Returns the series of a session at 1 Hz. Without GPS, speed and distance are present and all zero. */
export function sampleSeries(
  athlete: Athlete,
  session: Session,
  heartRate: readonly number[],
  movement: Movement | undefined,
): Sample[] {
  const temperature = sample(TEMPERATURE, temperatures(athlete, session, heartRate.length));
  const pulse = sample(HEART_RATE, heartRate);
  if (!movement) {
    const still = heartRate.map(() => 0);
    return [pulse, sample(SPEED, still), temperature, sample(DISTANCE, still)];
  }
  const onFoot = session.kind !== "ride";
  const run = onFoot && session.kind !== "walk";
  return [
    pulse,
    sample(SPEED, movement.speed.map(rounded(4))),
    ...(onFoot ? [sample(CADENCE, cadences(athlete, session, movement.speed))] : []),
    sample(ALTITUDE, movement.altitude.map(rounded(3))),
    ...(run ? [sample(POWER, powers(athlete, movement.speed))] : []),
    temperature,
    sample(DISTANCE, movement.distance.map(float32)),
  ];
}

/** Returns the steps of one foot a minute, as running cadence is given. */
function cadences(athlete: Athlete, session: Session, speed: readonly number[]): number[] {
  const random = new Random(athlete.seed, session.start, "cadence");
  const strides = (kmh: number) => (kmh < 7 ? 40 + 3 * kmh : 78 + 0.8 * kmh);
  return speed.map((kmh) => (kmh < 2 ? 0 : Math.round(strides(kmh) + random.normal() * 0.6)));
}

/** Returns running power in even watts. */
export function powers(athlete: Athlete, speed: readonly number[]): number[] {
  return speed.map((kmh) => 2 * Math.round(((kmh / 3.6) * athlete.weight * 1.5) / 2));
}

/** Returns temperatures: the watch cools from the wrist's warmth to something between skin and air. */
function temperatures(athlete: Athlete, session: Session, count: number): string[] {
  const random = new Random(athlete.seed, session.start, "temperature");
  const settled = random.between(24, 29);
  return Array.from({ length: count }, (_, second) => {
    const warmth = 3.5 * Math.exp(-second / 240);
    return rounded(1)(settled + warmth + 0.06 * random.normal());
  });
}
