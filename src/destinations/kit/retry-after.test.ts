import { expect, it } from "vitest";
import { retryAfter } from "./retry-after.ts";

const now = new Date("2026-01-01T00:00:00Z");

it.each([
  ["120", { retryAfterMs: 120_000 }],
  [" 0 ", { retryAfterMs: 0 }],
  [["7", "9"], { retryAfterMs: 7_000 }],
  ["Thu, 01 Jan 2026 00:00:30 GMT", { retryAfterMs: 30_000 }],
  ["Wed, 31 Dec 2025 00:00:30 GMT", { retryAfterMs: 0 }],
  ["-5 apples", {}],
  ["soon", {}],
  ["", {}],
  [undefined, {}],
  [null, {}],
])("%j is %j", (value, expected) => {
  expect(retryAfter(value, now)).toEqual(expected);
});
