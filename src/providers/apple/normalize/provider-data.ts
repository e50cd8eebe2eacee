/**
 * Facts without a field in Terra's models, as the normalisers add them to `provider_data`: readings of such types, each
 * with its time, and how the record was made.
 */
import { quantityTypes } from "../healthkit/quantity-types.ts";
import type { Metadata, Sample } from "../healthkit/sample.ts";
import type { Dimension } from "../healthkit/units.ts";
import { type ClockOf, timeWriter } from "./local-clock.ts";

const units: Readonly<Record<Dimension, string>> = {
  count: "count",
  per_min: "count/min",
  m: "m",
  kg: "kg",
  kcal: "kcal",
  s: "s",
  m_per_s: "m/s",
  deg_c: "degC",
  mm_hg: "mmHg",
  mg_per_dl: "mg/dL",
  ml: "mL",
  l_per_min: "L/min",
  w: "W",
  fraction: "fraction",
  ml_per_kg_min: "mL/kg/min",
  kcal_per_kg_hr: "kcal/kg/hr",
  db: "dB",
  iu: "IU",
  microvolt: "uV",
  microsiemens: "uS",
};

/** Returns the unit of a type's values; null for a category, whose values are HealthKit's numbers of the case. */
export const unitOf = (type: string): string | null => {
  const dimension = quantityTypes.get(type)?.dimension;
  return dimension === undefined ? null : units[dimension];
};

/** A reading that no Terra field holds. */
export interface CarriedSample {
  readonly type: string;
  readonly start_time: string;
  readonly end_time: string;
  readonly value: number | null;
  readonly unit: string | null;
  readonly source: string | null;
  /** HealthKit's metadata, where there is some. */
  readonly metadata?: Metadata;
}

/** Returns the readings as `provider_data` offers them, in the order given. */
export function carriedSamples(samples: readonly Sample[], clockOf: ClockOf): CarriedSample[] {
  const write = timeWriter();
  return samples.map((sample) => {
    const clock = clockOf(sample);
    return {
      type: sample.type,
      start_time: write(clock, sample.startMs),
      end_time: write(clock, sample.endMs),
      value: sample.value,
      unit: unitOf(sample.type),
      source: sample.source.name ?? sample.source.bundleId,
      ...(Object.keys(sample.metadata).length > 0 && { metadata: sample.metadata }),
    };
  });
}

/** Returns the record with what is not null, and no empty list, beside it in `provider_data`. */
export function beside<Record extends object>(record: Record, told: Readonly<{ [key: string]: unknown }>) {
  const apple = Object.fromEntries(Object.entries(told).filter(([, value]) => saysSomething(value)));
  return Object.keys(apple).length === 0 ? record : { ...record, provider_data: { apple } };
}

function saysSomething(value: unknown): boolean {
  if (value === null || value === undefined) return false;
  if (Array.isArray(value)) return value.length > 0;
  return typeof value !== "object" || Object.values(value).some(saysSomething);
}
