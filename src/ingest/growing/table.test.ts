import { zstdCompressSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { nothingGrown } from "../../providers/kit/growing/fold.ts";
import { samplesText } from "./samples-text.ts";
import { packState, unpackState } from "./state.ts";
import { readStatements, statementsIn } from "./statements.ts";
import { itemsOf, type Listed, tableOf, tableOfSame } from "./table.ts";

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

describe("a table of one item several times", () => {
  it("is that of the list", () => {
    const item = { order: 1, format: "app", batch: "b1" };
    for (const length of [1, 3, 4, 100])
      expect(tableOfSame(item, length)).toEqual(tableOf(Array.from({ length }, () => ({ ...item }))));
  });
});

describe("statements about a part", () => {
  it.each([3, 1_000])("are read as they were told, however long: %i samples", (count) => {
    const samples = Array.from({ length: count }, (_, at) => ({ id: null, identity: `s${at}`, startMs: at }));
    const told = { format: "app", samples };
    const [one] = statementsIn([{ resource: "samples", key: "k", value: told }]);
    expect(one && readStatements(one)).toEqual([{ ...told, text: samplesText(samples) }]);
    expect(typeof one?.statements[0]?.samples).toBe(count > 100 ? "object" : "string");
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

  it("is the same in each way of packing", () => {
    const alike = held.map((one) => ({ ...one, order: 1, batch: "b1" }));
    const grown = { ...nothingGrown, held: alike };
    const text = samplesText(alike.map(({ sample }) => sample));
    const packed = packState({ grown, payloads: [] }, text);
    expect(packed).toEqual(packState({ grown, payloads: [] }));
    expect(unpackState(packed)).toEqual({ grown, payloads: [] });
  });

  it("is read as it was packed before there were tables", () => {
    expect(unpackState(zstdCompressSync(Buffer.from(JSON.stringify(state))))).toEqual(state);
  });
});
