/** The measurements of a scale, a tape and an insulin pen: those of one moment and one source are one measurement. */
import { type Measurement, type MeasurementsData, measurementSchema } from "../../../models/index.ts";
import type { Sample } from "../healthkit/sample.ts";
import { sourceKey } from "../healthkit/source.ts";
import type { DayItems } from "./day-items.ts";
import { shifted, withoutNoise } from "./decimal-shift.ts";
import { timeWriter } from "./local-clock.ts";
import { type Measured, meanOf, numberOf } from "./readings.ts";
import { bodyReadings } from "./type-homes.ts";

/** A measurement with every field null. Samples have all fields of the model, like every section. */
const blank: Measurement = Object.fromEntries(
  Object.keys(measurementSchema.shape).map((field) => [field, null]),
);

type Fill = (sample: Measured) => Partial<Measurement>;

/** By type, the field and its unit: lengths in cm, masses of tissue in g, fractions as percent. */
const fills: readonly (readonly [type: string, fill: Fill])[] = [
  [bodyReadings.weight, ({ value }) => ({ weight_kg: withoutNoise(value) })],
  [bodyReadings.height, ({ value }) => ({ height_cm: shifted(value, 2) })],
  [bodyReadings.bmi, ({ value }) => ({ BMI: value })],
  [bodyReadings.fat, ({ value }) => ({ bodyfat_percentage: shifted(value, 2) })],
  [bodyReadings.leanMass, ({ value }) => ({ lean_mass_g: shifted(value, 3) })],
  [
    bodyReadings.insulin,
    ({ value, metadata }) => ({ insulin_units: value, insulin_type: insulinType(metadata) }),
  ],
];

/** HKInsulinDeliveryReason: 1 basal, 2 bolus. Health Auto Export writes the words. */
function insulinType({ HKInsulinDeliveryReason: reason, reason: word }: Sample["metadata"]): string | null {
  const number = numberOf(reason);
  if (number === 1) return "basal";
  if (number === 2) return "bolus";
  return typeof word === "string" && /^(basal|bolus)$/i.test(word) ? word.toLowerCase() : null;
}

/** Returns the measurements of a day in order of time, and its averages. */
export function measurementsOf(day: DayItems): MeasurementsData {
  const filled = fills.flatMap(([type, fill]) =>
    day.readings(type).map((sample) => ({ sample, fields: fill(sample) })),
  );
  const moments = Map.groupBy(filled, momentOf);
  const write = timeWriter();
  const measurements = [...moments.values()]
    .toSorted((one, other) => (one[0]?.sample.startMs ?? 0) - (other[0]?.sample.startMs ?? 0))
    .map((group): Measurement => {
      const [first] = group;
      const time = first && write(day.clockOf(first.sample), first.sample.startMs);
      return Object.assign({ ...blank, measurement_time: time }, ...group.map(({ fields }) => fields));
    });
  return { measurements, ...averages(measurements) };
}

/** Several doses, or weights, of one moment are several measurements. */
const momentOf = ({ sample, fields }: { sample: Sample; fields: Partial<Measurement> }): string =>
  `${sample.startMs} ${sourceKey(sample.source)} ${fields.insulin_units === undefined ? "" : sample.value}`;

function averages(measurements: readonly Measurement[]): Partial<MeasurementsData> {
  const mean = (field: keyof Measurement): number | null =>
    meanOf(measurements.map((one) => one[field]).filter((value) => typeof value === "number"));
  return {
    day_avg_bmi: mean("BMI"),
    day_avg_bodyfat_percentage: mean("bodyfat_percentage"),
    day_avg_weight_kg: mean("weight_kg"),
    day_avg_height_cm: mean("height_cm"),
    day_avg_lean_mass_g: mean("lean_mass_g"),
    day_avg_insulin_units: mean("insulin_units"),
  };
}
