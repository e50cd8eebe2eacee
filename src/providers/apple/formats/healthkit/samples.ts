/** Samples of the neutral body. */
import { z } from "zod";
import { isZone } from "../../../kit/zone-offset.ts";
import { isCategory } from "../../healthkit/category-cases.ts";
import type { Sample, Source } from "../../healthkit/sample.ts";
import { maybe, nameIn, numeric, text, timeOf, typeName } from "../fields.ts";
import { readMetadata, valueInBase } from "../healthkit-values.ts";

const source = z.object({ name: text, bundle_id: text, product_type: text });

export const common = {
  uuid: text,
  start: z.string(),
  end: text,
  zone: text,
  source: maybe(source),
  metadata: maybe(z.record(z.string(), z.unknown())),
};

const sample = z.object({
  ...common,
  type: typeName,
  value: maybe(z.union([z.number(), z.string()])),
  unit: text,
});
type Common = z.output<z.ZodObject<typeof common>>;

/** Returns the fields that a sample and a workout share; null without a beginning. */
export function readCommon(told: Common) {
  const [start, end] = [timeOf(told.start), timeOf(told.end)];
  if (start === null) return null;
  const { zone, isUserEntered, rest } = readMetadata(told.metadata);
  return {
    uuid: told.uuid?.toLowerCase() || null,
    startMs: start.ms,
    endMs: Math.max(start.ms, end?.ms ?? start.ms),
    zone: told.zone && isZone(told.zone) ? told.zone : zone,
    offsetMinutes: start.offsetMinutes,
    source: sourceOf(told.source),
    isUserEntered,
    metadata: rest,
  };
}

const sourceOf = (told: z.output<typeof source> | null | undefined): Source => ({
  name: nameIn(told?.name),
  bundleId: told?.bundle_id || null,
  model: told?.product_type || null,
});

export function readSample(item: unknown): Sample | null {
  const { data } = sample.safeParse(item);
  const read = data === undefined ? null : readCommon(data);
  if (data === undefined || read === null) return null;
  const value = valueInBase(data.type, plainValue(data.type, data.value), data.unit ?? null);
  return { ...read, type: data.type, value, isAggregate: false };
}

/** Some apps write quantities as texts. */
function plainValue(type: string, value: string | number | null | undefined): string | number | null {
  if (typeof value !== "string" || isCategory(type)) return value ?? null;
  return numeric.safeParse(value).data ?? null;
}
