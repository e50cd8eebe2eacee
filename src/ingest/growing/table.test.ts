import { zstdCompressSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { nothingGrown } from "../../providers/kit/growing/fold.ts";
import { packState, unpackState } from "./state.ts";
import { itemsOf, type Listed, tableOf } from "./table.ts";

const throughJson = (items: readonly object[]): readonly object[] =>
  itemsOf(JSON.parse(JSON.stringify(tableOf(items))) as Listed<object>);

describe("a table of items", () => {
  it("has them as they would be without it, whatever they are", () => {
    const alike = fc.dictionary(fc.constantFrom("a", "b", "c"), fc.jsonValue(), { maxKeys: 3 });
    const samples = fc.record({
      id: fc.constantFrom(null, "u1"),
      startMs: fc.integer(),
      value: fc.option(fc.double({ noDefaultInfinity: true })),
      source: fc.constantFrom({ name: "Watch" }, { name: "iPhone" }, undefined),
    });
    const lists = fc.oneof(fc.array(samples, { maxLength: 20 }), fc.array(alike, { maxLength: 20 }));
    fc.assert(
      fc.property(lists, (items) => {
        expect(JSON.stringify(throughJson(items))).toBe(JSON.stringify(items));
      }),
      { numRuns: 500 },
    );
  });

  it("says once what all items share, and each object once, whoever holds it", () => {
    const items = [1, 2, 3, 4, 5].map((value) => ({
      type: "steps",
      value,
      source: { name: value < 4 ? "Watch" : "iPhone" },
    }));
    expect(tableOf(items)).toEqual({
      keys: ["type", "value", "source"],
      columns: [
        { same: "steps" },
        [1, 2, 3, 4, 5],
        { of: [{ name: "Watch" }, { name: "iPhone" }], at: [0, 0, 0, 1, 1] },
      ],
      length: 5,
    });
    const read = throughJson(items) as typeof items;
    expect(read[0]?.source).toBe(read[2]?.source);
  });
});

describe("the state of a part", () => {
  const held = [5, 6, 7, 8, 9].map((startMs, index) => ({
    sample: { id: null, identity: String(startMs), startMs },
    format: "app",
    order: index,
    ...(index === 4 && { batch: "b1" }),
  }));
  const state = { grown: { ...nothingGrown, held }, payloads: [[1, "p1"]] as const };

  it("is the same packed and unpacked", () => {
    expect(unpackState(packState(state))).toEqual(state);
  });

  it("is read as it was packed before there were tables", () => {
    expect(unpackState(zstdCompressSync(Buffer.from(JSON.stringify(state))))).toEqual(state);
  });
});
