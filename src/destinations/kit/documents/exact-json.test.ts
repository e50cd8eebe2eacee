import { describe, expect, it } from "vitest";
import { parseExact } from "./exact-json.ts";
import { Unfit } from "./unfit.ts";

describe("parsing JSON exactly", () => {
  it.each([
    ["2147483647", 2_147_483_647],
    ["2147483648", 2_147_483_648n],
    ["-2147483648", -2_147_483_648n],
    ["9007199254740993", 9_007_199_254_740_993n],
    ["9223372036854775807", 2n ** 63n - 1n],
    ["-9223372036854775808", -(2n ** 63n)],
    ["52.51627499999999", 52.51627499999999],
    ["1e2", 100],
    ["12345678901.5", 12_345_678_901.5],
    ['"12345678901"', "12345678901"],
  ])("%s", (text, value) => {
    expect(parseExact(`{"a":[${text}]}`)).toEqual({ a: [value] });
  });

  it("keeps fields that mean something to JavaScript", () => {
    const text = `{"__proto__":{"a":1},"constructor":12345678901}`;
    const parsed = parseExact(text) as object;
    expect(Object.getPrototypeOf(parsed)).toBe(Object.prototype);
    expect(Object.entries(parsed)).toEqual([
      ["__proto__", { a: 1 }],
      ["constructor", 12_345_678_901n],
    ]);
  });

  it.each(["9223372036854775808", "-9223372036854775809", String.raw`"\ud800"`, String.raw`{"a\u0000":1}`])(
    "knows what no store holds: %s",
    (text) => {
      expect(() => parseExact(`[{"a":${text}}]`)).toThrow(Unfit);
    },
  );

  it("takes a NUL in a text, and pairs that are whole", () => {
    expect(parseExact(String.raw`["a\u0000b", "\ud83d\ude00"]`)).toEqual(["a\0b", "😀"]);
  });
});
