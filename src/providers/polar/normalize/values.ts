import type { Part } from "../../provider.ts";
import type {
  PolarBodyTemperature,
  PolarEcg,
  PolarSkinContacts,
  PolarSkinTemperature,
  PolarSpo2,
} from "../schema/biosensing.ts";
import type { PolarCardioLoad } from "../schema/cardio-load.ts";
import type { PolarActivityDay, PolarHeartRateDay } from "../schema/day.ts";
import type { PolarExercise, PolarExerciseOffset } from "../schema/exercise.ts";
import type { FitFile, TcxFile } from "../schema/files.ts";
import type { PolarPhysicalInfo, PolarUser } from "../schema/person.ts";
import type { PolarNight, PolarRecharge } from "../schema/sleep.ts";
import { parseDuration } from "../time.ts";

/** What the parts of each resource hold; `resources.ts` validated it with the schema of the same name. */
interface PartValues {
  exercise: PolarExercise;
  "exercise-fit": FitFile;
  "exercise-tcx": TcxFile;
  activity: PolarActivityDay;
  "continuous-heart-rate": PolarHeartRateDay;
  "cardio-load": PolarCardioLoad;
  "exercise-offset": PolarExerciseOffset;
  sleep: PolarNight;
  "nightly-recharge": PolarRecharge;
  "physical-info": PolarPhysicalInfo;
  "skin-temperature": readonly PolarSkinTemperature[];
  "body-temperature": readonly PolarBodyTemperature[];
  "skin-contacts": readonly PolarSkinContacts[];
  ecg: readonly PolarEcg[];
  spo2: readonly PolarSpo2[];
  user: PolarUser;
}

export function partValue<Name extends keyof PartValues>(
  parts: readonly Part[],
  resource: Name,
): PartValues[Name] | undefined {
  return parts.find((part) => part.resource === resource)?.value as PartValues[Name] | undefined;
}

/** All parts of a resource, where a record has several. */
export function partValues<Name extends keyof PartValues>(
  parts: readonly Part[],
  resource: Name,
): PartValues[Name][] {
  return parts.filter((part) => part.resource === resource).map(({ value }) => value as PartValues[Name]);
}

type Maybe<Value> = Value | null | undefined;

/** Zero and −1 are Polar's ways to say "none" where a real value is above zero: no signal, no score. */
export function positive(value: Maybe<number>): number | null {
  return value !== null && value !== undefined && value > 0 ? value : null;
}

/** A count or a duration, where zero is a value; a negative one is "not available". */
export function notNegative(value: Maybe<number>): number | null {
  return value !== null && value !== undefined && value >= 0 ? value : null;
}

export function durationSeconds(value: Maybe<string>): number | null {
  return value === null || value === undefined ? null : parseDuration(value) / 1000;
}

/** Largest of many, without spreading thousands of arguments. Null when there is none. */
export function largest(values: Iterable<number>): number | null {
  let found: number | null = null;
  for (const value of values) if (found === null || value > found) found = value;
  return found;
}

export function smallest(values: Iterable<number>): number | null {
  let found: number | null = null;
  for (const value of values) if (found === null || value < found) found = value;
  return found;
}

type Keyed<Key extends string> = readonly { readonly [K in Key]?: number | null | undefined }[];

/** Largest of thousands of samples, in one pass and without a copy of them. Null when there is none. */
export function largestOf<Key extends string>(samples: Keyed<Key>, key: Key): number | null {
  let found: number | null = null;
  for (let index = 0; index < samples.length; index += 1) {
    const value = samples[index]?.[key] ?? null;
    if (value !== null && (found === null || value > found)) found = value;
  }
  return found;
}

export function smallestOf<Key extends string>(samples: Keyed<Key>, key: Key): number | null {
  let found: number | null = null;
  for (let index = 0; index < samples.length; index += 1) {
    const value = samples[index]?.[key] ?? null;
    if (value !== null && (found === null || value < found)) found = value;
  }
  return found;
}
