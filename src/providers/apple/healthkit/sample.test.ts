import fc from "fast-check";
import { expect, it } from "vitest";
import { identityOf, type Sample } from "./sample.ts";

const text = fc.oneof(fc.constantFrom("Watch", "é “x” \\"), fc.string({ unit: "binary" }));
const value = fc.oneof(
  fc.constant(null),
  fc.integer(),
  fc.double(),
  fc.constantFrom(-0, 1e9, 123_456_789.5, 0.1 + 0.2),
);

it("the identity of a sample is a list in JSON, with the value to nine digits", () => {
  const told = fc.record({
    type: text,
    startMs: fc.integer(),
    endMs: fc.double({ noDefaultInfinity: true }),
    value,
    source: fc.record({ name: fc.option(text), bundleId: fc.option(text), model: fc.constant(null) }),
  });
  fc.assert(
    fc.property(told, ({ type, startMs, endMs, value, source }) => {
      const seconds = [startMs, endMs].map((ms) => Math.floor(ms / 1_000));
      const rounded = value === null ? null : Number(value.toPrecision(9));
      const list = [type, ...seconds, source.name ?? source.bundleId, rounded];
      const sample = { type, startMs, endMs, value, source } as Sample;
      expect(identityOf(sample)).toBe(JSON.stringify(list));
    }),
    { numRuns: 1_000 },
  );
});
