import { expect, test } from "vitest";
import { recordKey } from "./describe-event.ts";
import type { ReceivedEvent } from "./receiver.ts";

const event = (userId: string, metadata: object): ReceivedEvent => ({
  type: "daily",
  body: { type: "daily", user: { user_id: userId }, data: [{ metadata }] },
  bytes: 1,
  verified: true,
});

test("a record that grows keeps its key, and days of two people are two", () => {
  const day = { start_time: "2026-11-02T00:00:00+01:00" };
  const key = recordKey(event("one", day));
  expect(recordKey(event("one", { ...day, end_time: "2026-11-02T12:00:00+01:00" }))).toBe(key);
  expect(recordKey(event("two", day))).not.toBe(key);
  expect(recordKey(event("one", { start_time: "2026-11-03T00:00:00+01:00" }))).not.toBe(key);
});
