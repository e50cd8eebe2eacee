import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { examples } from "./examples.fixture.ts";
import {
  complete,
  type DataType,
  dataTypes,
  hasSamples,
  type ModelOf,
  models,
  withoutSamples,
} from "./index.ts";

/** An arbitrary that fits the schema: optional properties come, go and are null. */
function arbitrary(schema: z.core.$ZodType): fc.Arbitrary<unknown> {
  if (schema instanceof z.ZodOptional) return fc.option(arbitrary(schema.unwrap()), { nil: undefined });
  if (schema instanceof z.ZodNullable) return fc.option(arbitrary(schema.unwrap()), { nil: null });
  if (schema instanceof z.ZodArray) return fc.array(arbitrary(schema.element), { maxLength: 2 });
  if (schema instanceof z.ZodTuple) return fc.tuple(fc.double(), fc.double());
  if (schema instanceof z.ZodRecord) return fc.dictionary(fc.string(), fc.double(), { maxKeys: 2 });
  if (schema instanceof z.ZodEnum) return fc.constantFrom(...schema.options);
  if (schema instanceof z.ZodObject) return fc.record(mapValues(schema.shape, arbitrary));
  if (schema instanceof z.ZodString) return fc.constant("2026-03-01T12:00:00.000000+02:00");
  if (schema instanceof z.ZodBoolean) return fc.boolean();
  return fc.integer();
}

function mapValues<In, Out>(object: Record<string, In>, change: (value: In) => Out): Record<string, Out> {
  return Object.fromEntries(Object.entries(object).map(([key, value]) => [key, change(value)]));
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The paths of values that were given and are missing from the result. */
function lost(given: unknown, result: unknown, at = ""): string[] {
  if (given === null || given === undefined) return [];
  if (!isObject(given)) return Object.is(given, result) ? [] : [at];
  return Object.entries(given).flatMap(([key, value]) =>
    lost(value, isObject(result) ? result[key] : undefined, `${at}.${key}`),
  );
}

/** The schema as a value: its sections as objects, everything else null. */
function declared(schema: z.core.$ZodType): unknown {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodNullable) return declared(schema.unwrap());
  return schema instanceof z.ZodObject ? mapValues(schema.shape, declared) : null;
}

/** Every key at every depth, in order; scores that are null count as one. */
function outline(value: unknown, at = ""): string[] {
  if (!isObject(value) || at.endsWith("data_enrichment")) return [at];
  return [at, ...Object.entries(value).flatMap(([key, child]) => outline(child, `${at}.${key}`))];
}

/** The record as JSON, with every non-empty sample array replaced by an empty one. */
function emptied(record: unknown): unknown {
  const isSamples = (key: string, value: unknown) =>
    Array.isArray(value) && (key.includes("samples") || key === "ecg_signal");
  return JSON.parse(JSON.stringify(record, (key, value) => (isSamples(key, value) ? [] : value)));
}

function forEveryRecord<Type extends DataType>(type: Type, check: (record: ModelOf[Type]) => void) {
  const records = arbitrary(models[type]) as fc.Arbitrary<ModelOf[Type]>;
  fc.assert(fc.property(records, check), { numRuns: 50 });
}

describe.each(dataTypes)("complete %s", (type) => {
  it("loses and changes nothing that was given", () => {
    forEveryRecord(type, (record) => {
      const before = structuredClone(record);
      expect(lost(record, complete(type, record))).toEqual([]);
      expect(record).toEqual(before);
    });
  });

  it("changes nothing the second time", () => {
    forEveryRecord(type, (record) => {
      const once = complete(type, record);
      expect(complete(type, once)).toEqual(once);
    });
  });

  it("has every declared property, in the schema's order", () => {
    expect(outline(complete(type, examples[type]))).toEqual(outline(declared(models[type])));
  });
});

describe("complete", () => {
  it("fills sections with nulls and makes arrays empty", () => {
    const { heart_rate_data, position_data, lap_data, data_enrichment } = complete("activity", {
      metadata: examples.activity.metadata,
      lap_data: null,
    });
    expect(heart_rate_data?.summary).toMatchObject({ avg_hr_bpm: null, hr_zone_data: [] });
    expect(heart_rate_data?.detailed).toEqual({
      hr_samples: [],
      hrv_samples_rmssd: [],
      hrv_samples_sdnn: [],
    });
    expect(position_data?.start_pos_lat_lng_deg).toEqual([]);
    expect(lap_data).toEqual({ laps: [] });
    expect(data_enrichment).toBeNull();
  });

  it("fills the scores when they are given", () => {
    const given = { ...examples.sleep, data_enrichment: { sleep_score: 80 } };
    expect(complete("sleep", given).data_enrichment).toMatchObject({
      sleep_score: 80,
      sleep_contributors: null,
    });
  });

  it("keeps undeclared keys and leaves the elements of arrays unchanged", () => {
    const tag = { timestamp: "2026-03-01T12:00:00", tag_name: "coffee", notes: "" };
    const given = { ...examples.daily, novelty: 1, tag_data: { tags: [tag], colour: "red" } };
    const whole = complete("daily", given);
    expect(whole).toMatchObject({ novelty: 1, tag_data: { colour: "red" } });
    expect(whole.tag_data?.tags?.[0]).toBe(tag);
  });

  it("gives every record arrays of its own", () => {
    const [first, second] = [complete("nutrition", examples.nutrition), complete("athlete", {})];
    expect(complete("athlete", {})).not.toBe(second);
    const other = complete("nutrition", { metadata: examples.nutrition.metadata });
    expect(other.meals).not.toBe(complete("nutrition", { metadata: examples.nutrition.metadata }).meals);
    expect(first.meals).toBe(examples.nutrition.meals);
  });
});

describe.each(dataTypes)("withoutSamples %s", (type) => {
  it("empties every sample array and nothing else, and leaves its input unchanged", () => {
    forEveryRecord(type, (record) => {
      const before = structuredClone(record);
      const summary = withoutSamples(type, record);
      expect(JSON.parse(JSON.stringify(summary))).toEqual(emptied(record));
      expect(record).toEqual(before);
      expect(hasSamples(type, summary)).toBe(false);
      expect(hasSamples(type, record)).toBe(JSON.stringify(summary) !== JSON.stringify(record));
    });
  });
});

describe("withoutSamples", () => {
  it("shares parts without samples, and keeps laps, zones and measurements", () => {
    const summary = withoutSamples("activity", examples.activity);
    expect(summary.heart_rate_data?.detailed?.hr_samples).toEqual([]);
    expect(summary.heart_rate_data?.summary).toBe(examples.activity.heart_rate_data?.summary);
    expect(summary.lap_data).toBe(examples.activity.lap_data);
    expect(withoutSamples("body", examples.body).heart_data?.ecg_signal).toEqual([]);
    expect(withoutSamples("body", examples.body).measurements_data).toBe(examples.body.measurements_data);
  });

  it("keeps a provider's own data without its series, which are its long lists", () => {
    const series = Array.from({ length: 101 }, (_, index) => index);
    const short = { zones: [{ zone: 0, limit: 96 }], series: series.slice(1) };
    const polar = {
      exercise: { ...short, samples: [{ sample_type: 9, data: series }] },
      ecg: { leads: series },
    };
    const given = { ...examples.activity, provider_data: { polar } };
    const summary = withoutSamples("activity", given);
    expect(summary).toMatchObject({
      provider_data: {
        polar: { exercise: { ...short, samples: [{ sample_type: 9, data: [] }] }, ecg: { leads: [] } },
      },
    });
    expect(polar.ecg.leads).toHaveLength(101);
    expect(hasSamples("activity", { ...summary })).toBe(false);
    const small = {
      ...withoutSamples("daily", examples.daily),
      provider_data: { polar: { exercise: short } },
    };
    expect(withoutSamples("daily", small)).toBe(small);
  });

  it("returns a record without samples itself", () => {
    expect(withoutSamples("menstruation", examples.menstruation)).toBe(examples.menstruation);
  });
});
