/** Records of every model, made from the models' schemas, with values that no format can express among them. */
import fc from "fast-check";
import { z } from "zod";
import type { ExportableRecord } from "../../src/export/contract.ts";
import {
  type DataType,
  dataTypes,
  formatTimestamp,
  models,
  timestampSchema,
} from "../../src/models/index.ts";

/** Most fields are absent, so that a thousand records stay small. */
const sparsely = (arbitrary: fc.Arbitrary<unknown>, present: number): fc.Arbitrary<unknown> =>
  fc.oneof(
    { weight: present, arbitrary },
    { weight: 100 - present, arbitrary: fc.constantFrom(null, undefined) },
  );

const start = Date.UTC(2026, 2, 1, 7, 30);
const offset = fc.constantFrom(120, 120, 120, -210, 0, null, null, 20 * 60);
/** Times that lie on a grid by chance, so that series of every kind come about. */
const timestamp = fc.oneof(
  {
    weight: 30,
    arbitrary: fc
      .tuple(fc.nat(12), fc.constantFrom(1_000, 1_000, 60_000, 777), offset)
      .map(([place, step, minutes]) => formatTimestamp(start + place * step, minutes)),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom("2026-02-30T10:00:00Z", "0000-01-01T00:00:00Z", "9999-12-31T23:59:59-20:00"),
  },
);
const number = fc.oneof(
  { weight: 20, arbitrary: fc.double({ min: 0, max: 100_000, noNaN: true }) },
  { weight: 20, arbitrary: fc.nat(200) },
  { weight: 2, arbitrary: fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY, -1, -0, 1e-7, 1e21) },
);
const integer = fc.oneof(
  { weight: 20, arbitrary: fc.nat(200) },
  { weight: 1, arbitrary: fc.constantFrom(-1, -5) },
);
const text = fc.oneof(
  fc.constantFrom("freestyle", "2026-02-27", "2026-02-30", "", " ", "a\u0000b", "\ud800"),
  fc.string({ unit: "grapheme", maxLength: 12 }),
);

function arbitraryOf(schema: unknown): fc.Arbitrary<unknown> {
  if (schema === timestampSchema) return timestamp;
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodNullable) return absentOften(schema.unwrap());
  if (schema instanceof z.ZodObject) {
    const fields = Object.entries(schema.shape).map(([name, field]) => [name, arbitraryOf(field)] as const);
    return fc.record(Object.fromEntries(fields));
  }
  if (schema instanceof z.ZodArray) return fc.array(arbitraryOf(schema.element), { maxLength: 5 });
  if (schema instanceof z.ZodTuple) return fc.tuple(...schema.def.items.map(arbitraryOf));
  if (schema instanceof z.ZodRecord) return fc.dictionary(fc.string(), number, { maxKeys: 2 });
  if (schema instanceof z.ZodEnum) return fc.constantFrom(...schema.options);
  if (schema instanceof z.ZodBoolean) return fc.boolean();
  if (schema instanceof z.ZodNumber) return schema.isInt ? integer : number;
  if (schema instanceof z.ZodString) return text;
  throw new Error(`no arbitrary for ${(schema as z.ZodType).constructor.name}`);
}

function absentOften(schema: unknown): fc.Arbitrary<unknown> {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodNullable) return absentOften(schema.unwrap());
  const isSection = schema instanceof z.ZodObject || schema instanceof z.ZodArray;
  return sparsely(arbitraryOf(schema), isSection ? 50 : 40);
}

const arbitraries = Object.fromEntries(dataTypes.map((type) => [type, arbitraryOf(models[type])])) as Record<
  DataType,
  fc.Arbitrary<unknown>
>;

/** A record of the type, sometimes with a former revision. */
export const recordOf = (type: DataType): fc.Arbitrary<ExportableRecord> =>
  fc
    .record({
      data: arbitraries[type],
      former: fc.option(arbitraries[type], { nil: undefined, freq: 2 }),
      userId: fc.constantFrom("40f7", "b/2 |ü"),
      referenceId: fc.constantFrom(null, "person-1", ""),
      revision: fc.integer({ min: 1, max: 9 }),
      naturalKey: fc.constantFrom("2026-03-01", "run-1"),
    })
    .map(({ former, ...rest }) => ({
      ...rest,
      type,
      provider: "POLAR",
      ...(former !== undefined && { former }),
    })) as fc.Arbitrary<ExportableRecord>;

export const anyRecord: fc.Arbitrary<ExportableRecord> = fc.constantFrom(...dataTypes).chain(recordOf);
