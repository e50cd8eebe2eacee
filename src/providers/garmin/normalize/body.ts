import { type Body, complete, type Measurement, TimestampLocalization } from "../../../models/index.ts";
import { isPartOf, namesOf, refsTo, valueFrom } from "../../kit/parts.ts";
import { positive } from "../../kit/values.ts";
import type { Normalizer } from "../../provider.ts";
import { withProviderData } from "../../provider-data.ts";
import { userSettings } from "../resources/person.ts";
import { type GarminWeighIn, type GarminWeightDay, weight } from "../resources/weight.ts";
import { midnights, shiftDate, writeInstant } from "../times.ts";
import { whole } from "./values.ts";
import { midnightOffset, offsetWith, type Zone, zoneIn, zoneRefs } from "./zone.ts";

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

/**
 * Returns the offsets at the two midnights of a day. Those of the settings' zone, which a clock change makes differ, if
 * the weigh-ins were there; else those of the first and the last weigh-in.
 */
function offsetsOf(day: string, zone: Zone, first: GarminWeighIn, last: GarminWeighIn) {
  const isThere = [first, last].every(
    (one) => offset(zone, one) === offsetWith(zone, one.timestamp_gmt, null),
  );
  return isThere
    ? { start: midnightOffset(zone, day), end: midnightOffset(zone, shiftDate(day, 1)) }
    : { start: offset(zone, first), end: offset(zone, last) };
}

/** Converts the weigh-ins of a day (GET /weight-service/weight/range) to a Body. Null for a day without any. */
function normalizeDay(day: string, given: GarminWeightDay, zone: Zone): Body | null {
  const metrics = (given.all_weight_metrics ?? []).toSorted(
    (one, other) => one.timestamp_gmt - other.timestamp_gmt,
  );
  const [first, last] = [metrics[0], metrics.at(-1)];
  if (first === undefined || last === undefined) return null;
  return complete("body", {
    metadata: {
      ...midnights(day, offsetsOf(day, zone, first, last)),
      timestamp_localization: TimestampLocalization.Local,
    },
    measurements_data: { measurements: metrics.map((one) => measurement(zone, one)) },
  });
}

const fromParts: Normalizer = {
  type: "body",
  needs: namesOf([weight, userSettings]),
  affects: (part) => (isPartOf(weight, part) ? [{ type: "body", naturalKey: part.key }] : []),
  partsOf: (day) => [...refsTo([weight], day), ...zoneRefs],
  normalize(parts, day) {
    const given = valueFrom(parts, weight);
    return given === undefined ? null : normalizeDay(day, given, zoneIn(parts));
  },
};

export const bodyNormalizer = withProviderData("garmin", fromParts, { one: [weight] });
