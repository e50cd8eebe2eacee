/** `records` and `sleep`: one sample each. */
import { z } from "zod";
import type { Sample } from "../../healthkit/sample.ts";
import { readTime } from "../../healthkit/written-time.ts";
import { number, text, timeOf, typeName } from "../fields.ts";
import { readMetadata, valueInBase } from "../healthkit-values.ts";
import { sourceOf, sourceSchema } from "./source.ts";

const common = {
  id: text,
  startDate: text,
  endDate: text,
  zoneOffset: text,
  source: sourceSchema.nullish().catch(null),
  metadata: z.record(z.string(), z.unknown()).nullish().catch(null),
};
const record = z.object({ ...common, type: typeName, value: number, unit: text });
const stage = z.object({ ...common, stage: z.string() });

/** The fields that the items of all lists share. */
export type Told = z.output<z.ZodObject<typeof common>>;
export const commonFields = common;

/** HKCategoryValueSleepAnalysis, by the SDK's word in lower case without `_`. */
const stages: ReadonlyMap<string, number> = new Map([
  ["inbed", 0],
  ["sleeping", 1],
  ["awake", 2],
  ["light", 3],
  ["deep", 4],
  ["rem", 5],
]);

export type ReadItem = { readonly sample: Sample } | { readonly unreadable: string };

export function readRecord(item: unknown): ReadItem {
  const { data } = record.safeParse(item);
  if (data === undefined) return { unreadable: "type" };
  const value = valueInBase(data.type, data.value ?? null, data.unit ?? null);
  return sampleOf(data, data.type, value) ?? { unreadable: "startDate" };
}

export function readStage(item: unknown): ReadItem {
  const { data } = stage.safeParse(item);
  const value = stages.get(data?.stage.toLowerCase().replaceAll("_", "") ?? "");
  if (data === undefined || value === undefined) return { unreadable: "stage" };
  return sampleOf(data, "HKCategoryTypeIdentifierSleepAnalysis", value) ?? { unreadable: "startDate" };
}

function sampleOf(told: Told, type: string, value: number | null): { sample: Sample } | null {
  const [start, end] = [timeOf(told.startDate), timeOf(told.endDate)];
  if (start === null) return null;
  const { zone, isUserEntered, rest } = readMetadata(told.metadata);
  const sample = {
    uuid: told.id?.toLowerCase() || null,
    type,
    startMs: start.ms,
    endMs: Math.max(start.ms, end?.ms ?? start.ms),
    value,
    zone,
    offsetMinutes: offsetOf(told.zoneOffset),
    source: sourceOf(told.source),
    isUserEntered: isUserEntered || told.source?.recordingMethod === "manual",
    isAggregate: false,
    metadata: rest,
  };
  return { sample };
}

/** The times are in UTC; only `zoneOffset` says the local clock: `+02:00`. */
export function offsetOf(written: string | null | undefined): number | null {
  return written ? (readTime(`2000-01-01T00:00:00${written}`)?.offsetMinutes ?? null) : null;
}
