import {
  type Body,
  complete,
  formatTimestamp,
  type Measurement,
  TimestampLocalization,
} from "../../../models/index.ts";
import { minuteMs, shiftDate } from "../../kit/iso-time.ts";
import { isOneOf, namesOf, refsTo, valueFrom } from "../../kit/parts.ts";
import { positive } from "../../kit/values.ts";
import type { Normalizer } from "../../provider.ts";
import { withProviderData } from "../../provider-data.ts";
import { fitnessAge, type GarminFitnessAge } from "../resources/fitness-age.ts";
import { userSettings } from "../resources/person.ts";
import { type GarminWeighIn, type GarminWeightDay, weight } from "../resources/weight.ts";
import { midnights, writeInstant } from "../times.ts";
import { whole } from "./values.ts";
import { midnightOffset, offsetAtLocal, offsetWith, type Zone, zoneIn, zoneRefs } from "./zone.ts";

const offset = (zone: Zone, { timestamp_gmt: gmt, date: local }: GarminWeighIn): number | null =>
  offsetWith(zone, gmt, local);

/** Grams → kilograms. The other masses are grams for Terra, too. */
function kilograms(grams: number | null | undefined): number | null {
  const known = positive(grams);
  return known === null ? null : known / 1_000;
}

const measurement = (zone: Zone, given: GarminWeighIn): Measurement => ({
  measurement_time: writeInstant(given.timestamp_gmt, offset(zone, given)),
  BMI: positive(given.bmi),
  weight_kg: kilograms(given.weight),
  bodyfat_percentage: positive(given.body_fat),
  water_percentage: positive(given.body_water),
  bone_mass_g: positive(given.bone_mass),
  muscle_mass_g: positive(given.muscle_mass),
  visceral_fat_level: positive(given.visceral_fat),
  estimated_fitness_age: positive(whole(given.metabolic_age)),
});

interface Timed {
  readonly atMs: number;
  readonly measurement: Measurement;
}

const weighed = (zone: Zone, given: GarminWeighIn): Timed => ({
  atMs: given.timestamp_gmt,
  measurement: measurement(zone, given),
});

/** Returns the fitness age, where it was computed on this day: on others it is that of an earlier day once more. */
function aged(day: string, zone: Zone, given: GarminFitnessAge | undefined): Timed[] {
  const { fitness_age: age, last_updated: localMs, invalid_reason: reason } = given ?? {};
  if (positive(age) === null || localMs == null || reason != null) return [];
  if (new Date(localMs).toISOString().slice(0, 10) !== day) return [];
  const offset = offsetAtLocal(zone, localMs);
  return [
    {
      atMs: localMs - (offset ?? 0) * minuteMs,
      measurement: {
        measurement_time: formatTimestamp(localMs, offset),
        estimated_fitness_age: positive(whole(age)),
      },
    },
  ];
}

/**
 * Returns the offsets at the two midnights of a day. Those of the settings' zone, which a clock change makes differ, if
 * the weigh-ins were there; else those of the first and the last weigh-in.
 */
function offsetsOf(day: string, zone: Zone, metrics: readonly GarminWeighIn[]) {
  const [first, last] = [metrics[0], metrics.at(-1)];
  const isThere = [first, last].every(
    (one) => one === undefined || offset(zone, one) === offsetWith(zone, one.timestamp_gmt, null),
  );
  return first === undefined || last === undefined || isThere
    ? { start: midnightOffset(zone, day), end: midnightOffset(zone, shiftDate(day, 1)) }
    : { start: offset(zone, first), end: offset(zone, last) };
}

/**
 * Converts the weigh-ins of a day (GET /weight-service/weight/range), and the fitness age that was computed on it, to a
 * Body. Null for a day without any.
 */
function normalizeDay(
  day: string,
  zone: Zone,
  { weights, age }: { readonly weights?: GarminWeightDay; readonly age?: GarminFitnessAge },
): Body | null {
  const metrics = (weights?.all_weight_metrics ?? []).toSorted(
    (one, other) => one.timestamp_gmt - other.timestamp_gmt,
  );
  const measured = [...metrics.map((one) => weighed(zone, one)), ...aged(day, zone, age)];
  if (measured.length === 0) return null;
  return complete("body", {
    metadata: {
      ...midnights(day, offsetsOf(day, zone, metrics)),
      timestamp_localization: TimestampLocalization.Local,
    },
    measurements_data: {
      measurements: measured
        .toSorted((one, other) => one.atMs - other.atMs)
        .map(({ measurement: one }) => one),
    },
  });
}

const ofDay = [weight, fitnessAge];

const fromParts: Normalizer = {
  type: "body",
  needs: namesOf([...ofDay, userSettings]),
  affects: (part) => (isOneOf(ofDay, part) ? [{ type: "body", naturalKey: part.key }] : []),
  partsOf: (day) => [...refsTo(ofDay, day), ...zoneRefs],
  normalize(parts, day) {
    const [weights, age] = [valueFrom(parts, weight), valueFrom(parts, fitnessAge)];
    return normalizeDay(day, zoneIn(parts), { ...(weights && { weights }), ...(age && { age }) });
  },
};

export const bodyNormalizer = withProviderData("garmin", fromParts, { one: ofDay });
