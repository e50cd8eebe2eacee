import type { OxygenData } from "../../../models/index.ts";
import type { DayItems } from "./day-items.ts";
import { shifted } from "./decimal-shift.ts";
import { meanOf } from "./readings.ts";
import { saturationSamples, seriesOf } from "./series.ts";
import { oxygenSaturation, vo2Max } from "./type-homes.ts";

/** Returns the oxygen saturation and VO2 max of a day, which Daily and Body both have. */
export function oxygenOf(day: DayItems): OxygenData {
  const [saturations, vo2] = [day.readings(oxygenSaturation), day.readings(vo2Max)];
  return {
    avg_saturation_percentage: meanOf(saturations.map(({ value }) => shifted(value, 2))),
    saturation_samples: saturationSamples(saturations, day.clockOf),
    vo2max_ml_per_min_per_kg: vo2.at(-1)?.value ?? null,
    day_avg_vo2max_ml_per_min_per_kg: meanOf(vo2.map(({ value }) => value)),
    vo2_samples: seriesOf(vo2, day.clockOf, (timestamp, vo2max_ml_per_min_per_kg) => ({
      timestamp,
      vo2max_ml_per_min_per_kg,
    })),
  };
}
