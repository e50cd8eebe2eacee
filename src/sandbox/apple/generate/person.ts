import { Random } from "../../kit/random.ts";

/** The facts that are given when a person is made. */
export interface Profile {
  readonly sex: "female" | "male";
  readonly birthDate: string;
  readonly heightCm: number;
  readonly weightKg: number;
  /** IANA. */
  readonly zone: string;
}

export const usualProfile: Profile = {
  sex: "female",
  birthDate: "1989-05-14",
  heightCm: 169,
  weightKg: 63.5,
  zone: "Europe/Helsinki",
};

/** A person with values that stay the same from day to day. */
export interface Wearer extends Profile {
  readonly seed: number;
  readonly restingHr: number;
  readonly maximumHr: number;
  /** SDNN in ms on a good day. */
  readonly sdnnMs: number;
  readonly breathsPerMinute: number;
  readonly vo2max: number;
  /** Usual bedtime, in minutes after noon. */
  readonly bedtime: number;
  readonly wristTemperature: number;
  readonly cycleDays: number;
  readonly home: { readonly latitude: number; readonly longitude: number };
}

/** @param now decides the age, and so the maximum heart rate */
export function wearerOf(profile: Profile, seed: number, now: number): Wearer {
  const random = new Random(seed, "wearer");
  const age = Math.floor((now - Date.parse(profile.birthDate)) / (365.25 * 86_400_000));
  return {
    ...profile,
    seed,
    restingHr: random.int(50, 60),
    maximumHr: Math.round(211 - 0.64 * age) + random.int(-4, 4),
    sdnnMs: random.between(38, 66),
    breathsPerMinute: random.between(13, 16),
    vo2max: random.between(36, 48),
    bedtime: random.int(10 * 60 + 20, 11 * 60 + 10),
    wristTemperature: random.between(35.6, 36.4),
    cycleDays: random.int(26, 30),
    home: { latitude: random.between(60.22, 60.3), longitude: random.between(24.75, 25.05) },
  };
}
