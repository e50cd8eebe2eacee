import { describe, expect, it } from "vitest";
import { attemptMs, usualTime } from "./attempt-time.ts";
import { loadDestination } from "./registry.ts";

const kibibyte = 1_024;

async function timeOf(kind: string, events: number, bytes: number): Promise<number> {
  const { time = usualTime } = await loadDestination(kind);
  return attemptMs(time, events, bytes);
}

describe("the time of an attempt", () => {
  it.each([
    // 10 s, a tenth of a second for each event, a second for each 256 KiB.
    ["postgres", 1, 0, 10_100],
    ["postgres", 200, 4_096 * kibibyte, 10_000 + 20_000 + 16_000],
    ["mysql", 200, 4_096 * kibibyte, 46_000],
    ["mongodb", 200, 8_192 * kibibyte, 62_000],
    ["supabase", 100, 16_384 * kibibyte, 84_000],
    ["firestore", 60, 4_096 * kibibyte, 32_000],
    // 8 s, and a second for each 256 KiB.
    ["s3", 1, 0, 8_000],
    ["s3", 1, 10_240 * kibibyte, 48_000],
    ["kafka", 500, 512 * kibibyte, 10_000],
    // Three parts of 8 s, 2 s for the rest of an answer, a second for each 128 KiB.
    ["webhook", 1, 10_240 * kibibyte, 26_000 + 80_000],
  ])("at %s of %i events and %i bytes is %i ms", async (kind, events, bytes, ms) => {
    expect(await timeOf(kind, events, bytes)).toBe(ms);
  });
});
