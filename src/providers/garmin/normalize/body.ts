import { type Body, complete, type Measurement, TimestampLocalization } from "../../../models/index.ts";
import { isPartOf, namesOf, refsTo, valueFrom } from "../../kit/parts.ts";
import { positive } from "../../kit/values.ts";
import type { Normalizer } from "../../provider.ts";
import { withProviderData } from "../../provider-data.ts";
import { type GarminWeighIn, type GarminWeightDay, weight } from "../resources/weight.ts";
import { midnights, offsetOf, writeInstant } from "../times.ts";
import { whole } from "./values.ts";

const offset = ({ timestamp_gmt: gmt, date: local }: GarminWeighIn): number | null => offsetOf(gmt, local);

/** Grams → kilograms. The other masses are grams for Terra, too. */
function kilograms(grams: number | null | undefined): number | null {
  const known = positive(grams);
  return known === null ? null : known / 1_000;
}

const measurement = (given: GarminWeighIn): Measurement => ({
  measurement_time: writeInstant(given.timestamp_gmt, offset(given)),
  BMI: positive(given.bmi),
  weight_kg: kilograms(given.weight),
  bodyfat_percentage: positive(given.body_fat),
  water_percentage: positive(given.body_water),
  bone_mass_g: positive(given.bone_mass),
  muscle_mass_g: positive(given.muscle_mass),
  visceral_fat_level: positive(given.visceral_fat),
  estimated_fitness_age: positive(whole(given.metabolic_age)),
});

/** Converts the weigh-ins of a day (GET /weight-service/weight/range) to a Body. Null for a day without any. */
function normalizeDay(day: string, given: GarminWeightDay): Body | null {
  const metrics = (given.all_weight_metrics ?? []).toSorted(
    (one, other) => one.timestamp_gmt - other.timestamp_gmt,
  );
  const [first, last] = [metrics[0], metrics.at(-1)];
  if (first === undefined || last === undefined) return null;
  return complete("body", {
    metadata: {
      ...midnights(day, { start: offset(first), end: offset(last) }),
      timestamp_localization: TimestampLocalization.Local,
    },
    measurements_data: { measurements: metrics.map(measurement) },
  });
}

const fromParts: Normalizer = {
  type: "body",
  needs: namesOf([weight]),
  affects: (part) => (isPartOf(weight, part) ? [{ type: "body", naturalKey: part.key }] : []),
  partsOf: (day) => refsTo([weight], day),
  normalize(parts, day) {
    const given = valueFrom(parts, weight);
    return given === undefined ? null : normalizeDay(day, given);
  },
};

export const bodyNormalizer = withProviderData("garmin", fromParts, { one: [weight] });
