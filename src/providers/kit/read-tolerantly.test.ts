import { describe, expect, it } from "vitest";
import { z } from "zod";
import { addPartlyReadable, readTolerantly } from "./read-tolerantly.ts";

const even = z.string().transform((text, context) => {
  const numbers = text.split(",").map(Number);
  if (numbers.every((number) => number % 2 === 0)) return numbers;
  addPartlyReadable(context, "Expected even numbers", numbers.filter((number) => number % 2 === 0).join());
  return z.NEVER;
});

const schema = z.looseObject({
  id: z.string(),
  start: z.number(),
  count: z.int().nullish(),
  name: z.string().nullish(),
  heart: z.looseObject({ average: z.number().nullish() }).nullish(),
  even: even.nullish(),
  points: z.array(z.looseObject({ at: z.number(), value: z.number().nullish() })).nullish(),
  places: z.array(z.number().nullable()).optional(),
  byHour: z.record(z.string().regex(/^\d\d$/), z.number().nullable()).nullish(),
});

const read = (fields: object) => {
  const reading = readTolerantly(schema, { id: "a", start: 1, ...fields });
  if ("fatal" in reading) return { fatal: reading.fatal };
  const { id, start, ...value } = reading.value;
  expect({ id, start }).toEqual({ id: "a", start: 1 });
  return { value, unreadable: reading.unreadable.map((steps) => steps.join(".")) };
};

describe("a leaf that cannot be read", () => {
  it.each<[string, object, object, string[]]>([
    ["is null", { count: 1.5, name: "n" }, { count: null, name: "n" }, ["count"]],
    ["is null whatever stands there", { name: { a: 1 } }, { name: null }, ["name"]],
    [
      "is null inside an object",
      { heart: { average: "high" } },
      { heart: { average: null } },
      ["heart.average"],
    ],
    [
      "keeps its place where null is a value",
      { places: [1, "x", 3] },
      { places: [1, null, 3] },
      ["places.1"],
    ],
    ["is left out where it may be missing, but not null", { places: "none" }, {}, ["places"]],
    [
      "takes its item out of the list when the item is nothing without it",
      { points: [{ at: "noon" }, { at: 2, value: "?" }, 7, { value: 3 }] },
      { points: [{ at: 2, value: null }] },
      ["points.0.at", "points.1.value", "points.2", "points.3.at"],
    ],
    [
      "is left out under a key that cannot be read",
      { byHour: { "1": 5, "02": "x", "03": 6 } },
      { byHour: { "02": null, "03": 6 } },
      ["byHour.1", "byHour.02"],
    ],
    ["leaves what of it can be read", { even: "2,3,4" }, { even: [2, 4] }, ["even"]],
  ])("%s", (_, fields, value, unreadable) => {
    const found = read(fields);
    expect(found.value).toEqual(value);
    expect(found.unreadable?.toSorted()).toEqual(unreadable.toSorted());
  });

  it("is fatal when the schema requires it at the top, and the fault is reported", () => {
    const words = (body: unknown) => {
      const reading = readTolerantly(schema, body);
      return "fatal" in reading ? reading.fatal.map(({ path, message }) => [path.join("."), message]) : null;
    };
    expect(words({ id: 5, start: 1, name: 7 })).toEqual([
      ["id", "Invalid input: expected string, received number"],
    ]);
    expect(words({ id: "a" })?.map(([path]) => path)).toEqual(["start"]);
    for (const body of ["text", 4, null, undefined, []]) expect(words(body)).not.toBeNull();
  });
});

describe("a value that can be read", () => {
  it("may be a number written as text", () => {
    expect(read({ count: "100", heart: { average: " -1.5e2 " } })).toEqual({
      value: { count: 100, heart: { average: -150 } },
      unreadable: [],
    });
    for (const word of ["0x64", "1e999", "", "1,000", "NaN", "100 kcal"])
      expect(read({ count: word })).toMatchObject({ value: { count: null }, unreadable: ["count"] });
    expect(read({ count: "1.5" }).unreadable).toEqual(["count"]);
  });

  it("may be an empty list in place of an object", () => {
    expect(read({ heart: [], points: {} })).toEqual({ value: { heart: null, points: null }, unreadable: [] });
  });

  it("is not copied, and neither is the body", () => {
    const points = [{ at: 1 }];
    const body = { id: "a", start: 1, points, name: 4 };
    readTolerantly(schema, body);
    expect(body).toEqual({ id: "a", start: 1, points: [{ at: 1 }], name: 4 });
  });
});
