import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { chunksOf, sendSplitting } from "./chunks.ts";

describe("chunks", () => {
  it("keep the order, are within both limits, and are as few as that allows one after the other", () => {
    const sizes = fc.array(fc.nat(20), { maxLength: 60 });
    fc.assert(
      fc.property(
        sizes,
        fc.integer({ min: 1, max: 7 }),
        fc.integer({ min: 1, max: 40 }),
        (items, count, bytes) => {
          const chunks = chunksOf(items, { count, bytes, sizeOf: (size) => size });
          const sum = (chunk: readonly number[]): number => chunk.reduce((total, size) => total + size, 0);
          expect(chunks.flat()).toEqual(items);
          for (const [index, chunk] of chunks.entries()) {
            expect(chunk.length).toBeGreaterThan(0);
            expect(chunk.length).toBeLessThanOrEqual(count);
            if (chunk.length > 1) expect(sum(chunk)).toBeLessThanOrEqual(bytes);
            const next = chunks[index + 1]?.[0];
            const hasRoom = next !== undefined && chunk.length < count && sum(chunk) + next <= bytes;
            expect(hasRoom).toBe(false);
          }
        },
      ),
    );
  });

  it("without limits are one, and none of nothing", () => {
    expect(chunksOf([1, 2], {})).toEqual([[1, 2]]);
    expect(chunksOf([], { count: 1 })).toEqual([]);
  });
});

describe("what is refused as a whole", () => {
  it("is sent item by item, in order", async () => {
    const sent: string[][] = [];
    const results = await sendSplitting(["a", "b", "c"], async (items) => {
      sent.push([...items]);
      return items.length > 1 ? "split" : items.map((item) => item.toUpperCase());
    });
    expect(sent).toEqual([["a", "b", "c"], ["a"], ["b"], ["c"]]);
    expect(results).toEqual(["A", "B", "C"]);
  });
});
