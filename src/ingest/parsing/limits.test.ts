import { describe, expect, it } from "vitest";
import { checkLengths } from "./limits.ts";

const ref = { resource: "sleep", key: "2026-03-02" };
const check = (body: unknown) => () => checkLengths(ref, body);
const named = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, name) => [name, 1]));
const many = (count: number, value: unknown = 1): unknown[] => new Array(count).fill(value);
const refused = (limit: string, most: number) =>
  expect.objectContaining({
    code: "PROVIDER_BODY_TOO_LARGE",
    retry: "never",
    details: { ...ref, limit, most },
  });

describe("a body", () => {
  it.each<[string, unknown]>([
    ["nothing", null],
    ["a number", 1],
    ["a text of millions of characters", "x".repeat(10_000_000)],
    ["as many names as are allowed", named(20_000)],
    ["as many items", many(260_000)],
    ["as many values in all", [...many(1_997, many(1_000)), many(1_002)]],
    ["bytes, which are one value", [new Uint8Array(1_000_000)]],
    ["an object that says it is a list", { length: 1e9 }],
  ])("may be %s", (_, body) => {
    expect(check(body)).not.toThrow();
  });

  it.each<[string, number, unknown]>([
    ["keys", 20_000, named(20_001)],
    ["keys", 20_000, [{ deep: { down: [named(20_001)] } }]],
    ["items", 260_000, many(260_001)],
    ["items", 260_000, { nights: [{ x: many(260_001) }] }],
    ["values", 2_000_000, many(2_000, many(1_000))],
  ])("has no more %s than %i", (limit, most, body) => {
    expect(check(body)).toThrow(refused(limit, most));
  });

  it("may be nested to any depth: too deep a leaf is lost, not the body", () => {
    expect(check(JSON.parse("[".repeat(500_000) + "]".repeat(500_000)))).not.toThrow();
  });
});
