import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseTolerantly } from "./tolerant-json.ts";

describe("JSON with tokens for no number", () => {
  it.each(["NaN", "nan", "-NaN", "Infinity", "-Infinity", "+Infinity", "inf", "undefined"])(
    "is read, %s being no finite number",
    (token) => {
      expect(parseTolerantly(`{"a":${token},"b":[1,${token} , 2],"c":"x"}`)).toEqual({
        a: expect.toSatisfy((value: number) => !Number.isFinite(value)),
        b: [1, expect.toSatisfy((value: number) => !Number.isFinite(value)), 2],
        c: "x",
      });
    },
  );

  it("leaves texts unchanged, whatever they contain", () => {
    const texts = fc.array(
      fc.oneof(fc.string({ unit: "binary" }), fc.constantFrom("NaN", '"NaN', "\\", '\\"', ",NaN,", "\\\\")),
    );
    fc.assert(
      fc.property(texts, (said) => {
        const body = `{"said":${JSON.stringify(said)},"NaN":[NaN]}`;
        expect(parseTolerantly(body)).toEqual({ said, NaN: [Number.POSITIVE_INFINITY] });
      }),
      { numRuns: 500 },
    );
  });

  it("may contain a text of millions of characters", () => {
    const long = `${'\\"'.repeat(1_000_000)}NaN`;
    expect(parseTolerantly(`[NaN,"${long}"]`)).toEqual([Number.POSITIVE_INFINITY, JSON.parse(`"${long}"`)]);
  });
});

it("is read with a byte order mark before it", () => {
  expect(parseTolerantly('\ufeff{"a":1}')).toEqual({ a: 1 });
});

it.each(["", "{", "[1,]", "NaN1", "{NaN:1}", '{"a":NaN', "<html>", '["', '["\\"', "[naN.5]", "[1NaN]"])(
  "stays no JSON: %s",
  (text) => {
    expect(() => parseTolerantly(text)).toThrow(SyntaxError);
  },
);
