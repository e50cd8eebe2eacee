import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { dataTypes, models, timestampSchema } from "../../../../models/index.ts";
import type { Row, Table } from "../tables.ts";
import { blank, Extraction } from "./extract.ts";
import { planRecord } from "./model.ts";

type Cells = Record<string, unknown>;

const cells = ({ columns }: Table, row: Row): Cells =>
  Object.fromEntries(
    row.map((value, index) => [columns[index]?.name, value]).filter(([, value]) => value !== null),
  );

function extracted(schema: z.ZodObject, record: object) {
  const { table, fields } = planRecord("x", schema);
  const own = blank(table);
  const extraction = new Extraction("id");
  extraction.fill(fields, record, own);
  const parts = extraction.parts.flatMap(({ table, rows }) =>
    rows.map((row) => [table.name, cells(table, row)]),
  );
  return { own: cells(table, own), parts, unmapped: extraction.unmapped };
}

describe("a record as rows", () => {
  const schema = z.object({
    heart_rate_data: z.object({
      detailed: z.object({
        hr_samples: z.array(z.object({ timestamp: timestampSchema.nullish(), bpm: z.number() })),
      }),
      summary: z.object({ avg_hr_bpm: z.number(), max: z.int(), note: z.string(), flag: z.boolean() }),
    }),
    start_pos_lat_lng_deg: z.array(z.number().nullable()),
    words: z.array(z.string()),
    shares: z.record(z.string(), z.number()),
    laps: z.array(z.object({ name: z.string(), turns: z.array(z.object({ n: z.int() })) })),
  });

  it("names provider data beyond the model as fields without a column", () => {
    const metadata = { summary_id: "1", start_time: "2025-10-01T06:00:00.000000+02:00" };
    const provider_data = { polar: { "nightly-recharge": { ans_charge: 2.1 }, samples: [{ data: [1, 2] }] } };
    const record = extracted(models.sleep, { metadata, provider_data });
    expect(record.unmapped).toEqual(["provider_data"]);
    expect(record).toEqual({ ...extracted(models.sleep, { metadata }), unmapped: ["provider_data"] });
  });

  it("has each field in its column, and lists in rows of their own", () => {
    const record = {
      heart_rate_data: {
        detailed: { hr_samples: [{ timestamp: "2025-10-01T06:00:00+02:00", bpm: 60 }, { bpm: 61.5 }] },
        summary: { avg_hr_bpm: 60.75, max: 61, note: "a\0b", flag: false },
      },
      start_pos_lat_lng_deg: [60.1, null],
      words: ["A", "B"],
      shares: { food: 0.5, sleep: -1 },
      laps: [
        { name: "one", turns: [{ n: 1 }, { n: 2 }] },
        { name: "two", turns: [{ n: 3 }] },
      ],
    };
    expect(extracted(schema, record)).toEqual({
      own: {
        heart_rate_avg_hr_bpm: 60.75,
        heart_rate_max: 61,
        heart_rate_note: "a\0b",
        heart_rate_flag: false,
        start_pos_lat_deg: 60.1,
        words: "A,B",
      },
      parts: [
        [
          "systole_x_samples",
          {
            record_id: "id",
            series: "hr_samples",
            position: 0,
            timestamp: "2025-10-01 04:00:00.000000",
            timestamp_local: "2025-10-01 06:00:00.000000",
            timestamp_utc_offset_seconds: 7_200,
            bpm: 60,
          },
        ],
        ["systole_x_samples", { record_id: "id", series: "hr_samples", position: 1, bpm: 61.5 }],
        [
          "systole_x_contributors",
          { record_id: "id", score: "shares", position: 0, name: "food", value: 0.5 },
        ],
        [
          "systole_x_contributors",
          { record_id: "id", score: "shares", position: 1, name: "sleep", value: -1 },
        ],
        ["systole_x_laps", { record_id: "id", position: 0, name: "one" }],
        ["systole_x_laps", { record_id: "id", position: 1, name: "two" }],
        ["systole_x_laps_turns", { record_id: "id", laps_position: 0, position: 0, n: 1 }],
        ["systole_x_laps_turns", { record_id: "id", laps_position: 0, position: 1, n: 2 }],
        ["systole_x_laps_turns", { record_id: "id", laps_position: 1, position: 0, n: 3 }],
      ].sort(([one], [other]) => order.indexOf(one as string) - order.indexOf(other as string)),
      unmapped: [],
    });
  });
  const order = ["systole_x_samples", "systole_x_contributors", "systole_x_laps_turns", "systole_x_laps"];

  it("names fields that the model lacks or that do not fit", () => {
    const record = JSON.parse(`{
      "__proto__": {"a": 1}, "new_section": {"a": 1}, "nothing": null,
      "heart_rate_data": {
        "detailed": {"hr_samples": [{"bpm": "fast", "colour": "red"}, {"bpm": 1e999, "colour": null}, 7]},
        "summary": {"avg_hr_bpm": "60", "max": 9007199254740993, "note": 5, "flag": 1}
      },
      "start_pos_lat_lng_deg": [1, 2, 3], "words": [1], "shares": {"a": "b"}, "laps": {"0": {}}
    }`);
    const { own, parts, unmapped } = extracted(schema, record);
    expect(own).toEqual({});
    expect(parts.map(([, row]) => row)).toEqual([
      { record_id: "id", series: "hr_samples", position: 0 },
      { record_id: "id", series: "hr_samples", position: 1 },
    ]);
    expect(unmapped).toEqual([
      "__proto__",
      "heart_rate_data.detailed.hr_samples[]",
      "heart_rate_data.detailed.hr_samples[].bpm",
      "heart_rate_data.detailed.hr_samples[].colour",
      "heart_rate_data.summary.avg_hr_bpm",
      "heart_rate_data.summary.flag",
      "heart_rate_data.summary.max",
      "heart_rate_data.summary.note",
      "laps",
      "new_section",
      "shares.a",
      "start_pos_lat_lng_deg",
      "words",
    ]);
  });
});

/** Values that fit the schema; no two are equal, so that each can be found again. */
function distinct(schema: unknown, next: () => number): unknown {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodNullable)
    return distinct(schema.unwrap(), next);
  if (schema instanceof z.ZodArray) return [distinct(schema.element, next), distinct(schema.element, next)];
  if (schema instanceof z.ZodTuple) return [next(), next()];
  if (schema instanceof z.ZodRecord) return { [`name ${next()}`]: next() };
  if (schema instanceof z.ZodObject) {
    return Object.fromEntries(
      Object.entries(schema.shape).map(([name, child]) => [name, distinct(child, next)]),
    );
  }
  if (schema === timestampSchema) return `2026-03-01T12:00:00.${String(next()).padStart(6, "0")}+02:00`;
  if (schema instanceof z.ZodBoolean) return true;
  if (schema instanceof z.ZodString) return `text ${next()}`;
  if (schema instanceof z.ZodEnum) return typeof schema.options[0] === "string" ? `WORD ${next()}` : next();
  return next();
}

const leaves = (value: unknown): unknown[] =>
  typeof value === "object" && value !== null ? Object.values(value).flatMap(leaves) : [value];

describe.each(dataTypes)("every field of %s", (type) => {
  it("has a place of its own", () => {
    let count = 1_000;
    const record = distinct(models[type], () => ++count) as object;
    const { own, parts, unmapped } = extracted(models[type] as z.ZodObject, record);
    expect(unmapped).toEqual([]);
    const found = new Set(
      [own, ...parts.map(([, row]) => row as Cells)].flatMap((row) => Object.values(row)),
    );
    const text = [...found].join("\n");
    const missing = leaves(record).filter(
      (leaf) =>
        leaf !== true && !found.has(leaf) && !text.includes(String(leaf).slice(11, 26).replace("T", " ")),
    );
    expect(missing).toEqual([]);
  });

  it("is in a row or named, whatever the record holds", () => {
    fc.assert(
      fc.property(fc.object({ maxDepth: 4, withNullPrototype: false }), (extra) => {
        const { unmapped } = extracted(models[type] as z.ZodObject, { ...extra });
        const known = new Set(Object.keys(models[type].shape));
        const unknown = Object.entries(extra).filter(([name, value]) => value !== null && !known.has(name));
        expect(unmapped).toEqual(expect.arrayContaining(unknown.map(([name]) => name)));
      }),
      { numRuns: 100 },
    );
  });
});
