import fc from "fast-check";
import { expect, test } from "vitest";
import { isNestedDeeper } from "./json-depth.ts";

const depthOf = (value: unknown): number =>
  typeof value === "object" && value !== null ? 1 + Math.max(0, ...Object.values(value).map(depthOf)) : 0;

test("is the depth of the value, whatever its texts contain", () => {
  const text = fc.oneof(fc.string(), fc.constantFrom('"', "\\", "[[[", '\\"{', "}]"));
  const { value } = fc.letrec((tie) => ({
    value: fc.oneof({ maxDepth: 6 }, text, fc.integer(), tie("list"), tie("map")),
    list: fc.array(tie("value"), { maxLength: 3 }),
    map: fc.dictionary(text, tie("value"), { maxKeys: 3 }),
  }));
  fc.assert(
    fc.property(value, fc.nat(8), (json, deepest) => {
      expect(isNestedDeeper(JSON.stringify(json, null, 1), deepest)).toBe(depthOf(json) > deepest);
    }),
  );
});

test("of half a million levels is measured without recursion", () => {
  expect(isNestedDeeper("[".repeat(500_000), 32)).toBe(true);
});
