/** Sizes as in https://cloud.google.com/firestore/docs/storage-size. */
import { describe, expect, it } from "vitest";
import { encodeFields } from "./values.ts";

const weigh = (fields: Parameters<typeof encodeFields>[0]) => encodeFields(fields, 100).weight;

describe("the weight of fields", () => {
  it("is that of Google's own example", () => {
    const fields = { type: "Personal", done: false, priority: 1, description: "Learn Cloud Firestore" };
    expect(weigh(fields).bytes).toBe(71);
  });

  it("counts a text's bytes, and what is in lists and maps", () => {
    expect(weigh({ a: "é♥" }).bytes).toBe(2 + 6);
    expect(weigh({ a: [1, null, true, 2n] }).bytes).toBe(2 + 8 + 1 + 1 + 8);
    expect(weigh({ a: { bc: 1.5 } }).bytes).toBe(2 + 32 + 3 + 8);
  });

  it("has an index entry for each element, and two for each field", () => {
    expect(weigh({ a: 1 }).indexEntries).toBe(2);
    expect(weigh({ a: [1, 2, 3] }).indexEntries).toBe(3);
    expect(weigh({ a: [{ b: 1, c: [1, 2] }] }).indexEntries).toBe(1);
    expect(weigh({ a: { b: 1, c: [1, 2] } }).indexEntries).toBe(2 + 2 + 2);
  });

  it("has the field's path and the value in an index entry, the value up to 1,500 bytes", () => {
    expect(weigh({ a: { bc: [7] } }).indexBytes - weigh({ a: { bc: [] } }).indexBytes).toBe(
      100 + 2 + 3 + 8 + 2 * 8,
    );
    expect(weigh({ a: "x".repeat(5_000) }).indexBytes).toBe(2 * (100 + 2 + 1_500));
  });
});
