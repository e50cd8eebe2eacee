import { Random } from "../../kit/random.ts";
import type { Person } from "../state.ts";

/** The generated person: the values that stay the same from day to day. */
export interface Athlete {
  userId: number;
  seed: number;
  utcOffset: number;
  female: boolean;
  age: number;
  weight: number;
  height: number;
  birthdate: string;
  restingHr: number;
  maximumHr: number;
  vo2max: number;
  /** RMSSD in ms on a good night. */
  hrv: number;
  breathing: number;
  /** Usual bedtime, in minutes after noon. */
  bedtime: number;
  home: { latitude: number; longitude: number };
  deviceId: string;
}

/** An area north of Helsinki, on land. */
const HOME = { latitude: [60.22, 60.3], longitude: [24.75, 25.05] } as const;

export function athleteOf(person: Person, seed: number, now: number): Athlete {
  const random = new Random(seed, "athlete");
  const { profile } = person;
  const age = Math.floor((now - Date.parse(profile.birthdate)) / (365.25 * 86_400_000));
  return {
    userId: person.id,
    seed,
    utcOffset: profile.utcOffset,
    female: profile.gender === "FEMALE",
    age,
    weight: profile.weight,
    height: profile.height,
    birthdate: profile.birthdate,
    restingHr: random.int(46, 58),
    maximumHr: Math.round(211 - 0.64 * age) + random.int(-4, 4),
    vo2max: random.int(42, 56),
    hrv: random.between(38, 68),
    breathing: random.between(11.5, 15),
    bedtime: random.int(10 * 60 + 15, 11 * 60 + 15),
    home: { latitude: random.between(...HOME.latitude), longitude: random.between(...HOME.longitude) },
    deviceId: random.int(0x10000000, 0xefffffff).toString(16).toUpperCase(),
  };
}

/** Returns the share of the heart-rate reserve in use: 0 at rest, 1 at the maximum. */
export const reserveUsed = (athlete: Athlete, heartRate: number) =>
  Math.max(0, (heartRate - athlete.restingHr) / (athlete.maximumHr - athlete.restingHr));

/** Returns the zone limits as Polar sets them: 50, 60, 70, 80, 90 and 100 % of the maximum. */
export const zoneLimits = (athlete: Athlete): number[] =>
  [0.5, 0.6, 0.7, 0.8, 0.9, 1].map((share) => Math.round(share * athlete.maximumHr));

export const polarUser = (athlete: Athlete) => `https://polaraccesslink.com/v3/users/${athlete.userId}`;
