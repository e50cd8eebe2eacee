import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compareRecords } from "./compare.ts";

describe("comparing records", () => {
  it("names the differing paths and kinds, with one example each", () => {
    const before = { a: 1, b: null, c: { d: [1, 2] }, e: 5, gone: 0, samples: [{ bpm: 1 }, { bpm: 2 }] };
    const after = { a: 2, b: 3, c: { d: [1, 3, 4] }, e: null, samples: [{ bpm: 7 }, { bpm: 8 }], come: {} };
    expect(compareRecords(before, after)).toEqual([
      { path: "a", kind: "changed", example: "a" },
      { path: "b", kind: "filled", example: "b" },
      { path: "c.d[]", kind: "changed", example: "c.d[1]" },
      { path: "c.d[]", kind: "added", example: "c.d[2]" },
      { path: "e", kind: "emptied", example: "e" },
      { path: "gone", kind: "removed", example: "gone" },
      { path: "samples[].bpm", kind: "changed", example: "samples[0].bpm" },
      { path: "come", kind: "added", example: "come" },
    ]);
  });

  it("reports a difference of notation only, or of type", () => {
    expect(compareRecords({ a: 1, b: 2 }, { b: 2, a: 1 })).toEqual([
      { path: "", kind: "rewritten", example: "" },
    ]);
    expect(compareRecords({ a: [1] }, { a: { 0: 1 } })).toEqual([
      { path: "a", kind: "changed", example: "a" },
    ]);
    expect(compareRecords({}, JSON.parse('{"__proto__": 1, "constructor": 2}'))).toMatchObject([
      { path: "__proto__", kind: "added" },
      { path: "constructor", kind: "added" },
    ]);
  });

  it("is bounded, whatever the keys are", () => {
    const keys = Array.from({ length: 10_000 }, (_, index) => [`${index}${"x".repeat(1_000)}`, index]);
    const found = compareRecords({}, Object.fromEntries(keys));
    expect(found).toHaveLength(200);
    expect(Math.max(...found.map(({ path }) => path.length))).toBe(200);
  });

  it("finds no path in equal records, at least one in different ones, and never shows a value", () => {
    const secret = fc.constantFrom("secret-1", "secret-2", null);
    const { record } = fc.letrec((tie) => ({
      record: fc.dictionary(fc.constantFrom("a", "b", "c"), tie("value"), { maxKeys: 3 }),
      value: fc.oneof({ maxDepth: 3 }, secret, fc.array(tie("value"), { maxLength: 3 }), tie("record")),
    }));
    fc.assert(
      fc.property(record, record, (before, after) => {
        expect(compareRecords(before, structuredClone(before))).toMatchObject([{ kind: "rewritten" }]);
        const found = compareRecords(before, after);
        const isSame = canonical(before) === canonical(after);
        expect(found.every(({ kind }) => kind === "rewritten")).toBe(isSame);
        expect(JSON.stringify(found)).not.toContain("secret");
      }),
    );
  });
});

/** Returns JSON with sorted keys. */
const canonical = (value: unknown): string =>
  JSON.stringify(value, (_, inner) =>
    typeof inner === "object" && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
