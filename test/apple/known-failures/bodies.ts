/** Small bodies in the formats that phones send, and the records that Apple's normalisers make of them. */
import type { DataType } from "../../../src/models/index.ts";
import { healthExport } from "../../../src/providers/apple/formats/export/resource.ts";
import { readBytes } from "../../../src/providers/apple/formats/export/testing/read.ts";
import { healthAutoExport } from "../../../src/providers/apple/formats/health-auto-export/resource.ts";
import { healthKit } from "../../../src/providers/apple/formats/healthkit/resource.ts";
import { openWearables } from "../../../src/providers/apple/formats/open-wearables/resource.ts";
import { type Arrived, Folded } from "../../../src/providers/apple/formats/testing/folded.ts";
import { type Made, makeAll, settings } from "../../../src/providers/apple/testing/person.ts";

/** Returns the records of one type that the bodies make, by natural key. The person chose Berlin on the connect page. */
export function records<Type extends DataType>(
  type: Type,
  ...bodies: readonly Arrived[]
): Map<string, Made<Type>> {
  return makeAll(type, [...new Folded(...bodies).parts, settings({ zone: "Europe/Berlin" })]);
}

/** Returns the steps of each day. */
export const steps = (...bodies: readonly Arrived[]): Record<string, number | null | undefined> =>
  Object.fromEntries([...records("daily", ...bodies)].map(([day, made]) => [day, made.distance_data?.steps]));

/** A neutral body. */
export const neutral = (body: object): Arrived => ({ resource: healthKit, body });

export const watch = { name: "Apple Watch", bundle_id: "com.apple.health.1", product_type: "Watch7,5" };
export const phone = { name: "iPhone", bundle_id: "com.apple.health.2", product_type: "iPhone15,2" };
export const band = { name: "Band", bundle_id: "com.example.band", product_type: null };

/**
 * A sample of a neutral body: `quantity("StepCount", "2026-01-10T09:00/09:10", 1_000)`, on Berlin's winter clock. The
 * end may have a day of its own.
 */
export function quantity(
  name: string,
  span: string,
  value: number | string,
  unit = "count",
  source: object = watch,
) {
  return {
    type: `HKQuantityTypeIdentifier${name}`,
    ...times(span),
    value,
    unit,
    source,
    zone: "Europe/Berlin",
  };
}

/** A stage of sleep by its number in HealthKit: 0 in bed, 1 asleep, 2 awake, 3 core, 4 deep, 5 REM. */
export const stage = (span: string, value: number, source: object = watch) => ({
  ...quantity("", span, value, "", source),
  type: "HKCategoryTypeIdentifierSleepAnalysis",
  unit: null,
});

function times(span: string) {
  const [start = "", end = start] = span.split("/");
  const whole = end.includes("T") ? end : `${start.slice(0, 11)}${end}`;
  return { start: `${start}:00+01:00`, end: `${whole}:00+01:00` };
}

/** Health Auto Export's body with one metric. */
export const metric = (name: string, units: string, ...data: readonly object[]): Arrived =>
  sections({ metrics: [{ name, units, data }] });

/** Health Auto Export's body. */
export const sections = (data: object): Arrived => ({ resource: healthAutoExport, body: { data } });

/** The body of the open-wearables SDK. */
export const sdk = (data: object): Arrived => ({
  resource: openWearables,
  body: { provider: "apple", sdkVersion: "0.6.0", syncTimestamp: "2026-01-11T20:00:00Z", data },
});

/** A file that Apple's Health app exported, or that claims to be one. */
export async function exported(file: string | Buffer): Promise<Arrived> {
  const read = await readBytes(file);
  if (read.error !== null) throw read.error;
  return { resource: { ...healthExport, parts: () => read.parts }, body: null };
}
