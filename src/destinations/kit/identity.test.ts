import { expect, it } from "vitest";
import { recordId, uuidOf } from "./identity.ts";

it("is the same for ever", () => {
  expect(recordId("user-1", "sleep", "2025-10-01")).toBe("73d28bbf-7a27-8514-98ab-9e1b3f11e815");
});

it("is another one as soon as anything differs, wherever the difference is", () => {
  const ids = [
    ["ab", "sleep", "c"],
    ["a", "sleep", "bc"],
    ["a", "daily", "bc"],
    ["a", "sleep", "bc "],
    ["a", "sleep", "BC"],
    ["a", "sleep", "b\0c"],
    ["a", "sleep", "b\u2400c"],
    ["a", "sleep", 'b"],["c'],
  ].map(([user, type, key]) => recordId(user as string, type as string, key as string));
  expect(new Set(ids).size).toBe(ids.length);
  expect(recordId(null, "sleep", "a")).not.toBe(recordId("null", "sleep", "a"));
});

it("an id is a UUID, the same for the same parts and no others", () => {
  expect(uuidOf("a", "b", 1)).toMatch(
    /^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
  );
  expect(uuidOf("a", "b", 1)).toBe(uuidOf("a", "b", 1));
  const others = [
    uuidOf("a", "b", "1"),
    uuidOf("ab", 1),
    uuidOf("a,b", 1),
    uuidOf("a", "b", 1, null),
    uuidOf(null, "b", 1),
  ];
  expect(new Set([...others, uuidOf("a", "b", 1)]).size).toBe(6);
});
