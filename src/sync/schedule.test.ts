import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { firstLook, nextFileTry, nextLook, nextTry } from "./schedule.ts";

const now = new Date("2025-03-01T08:00:00Z");
const hourMs = 3_600_000;
const waitUntil = (at: Date | null): number | null => (at === null ? null : at.getTime() - now.getTime());
const pause = (attempt: number, retryAfterMs: number | null = null) =>
  waitUntil(nextTry(attempt, "PROVIDER_UNAVAILABLE", retryAfterMs, now)) ?? Number.NaN;

describe("the next try", () => {
  it("comes five seconds after the first, then after twice as long each time up to eight hours, a tenth more or less", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 15 }), (attempt) => {
        const planned = Math.min(5_000 * 2 ** (attempt - 1), 8 * hourMs);
        const waited = pause(attempt);
        expect(waited).toBeGreaterThanOrEqual(planned * 0.9);
        expect(waited).toBeLessThanOrEqual(planned * 1.1);
      }),
    );
    expect(pause(15)).toBeGreaterThan(7 * hourMs);
  });

  it("is given up after sixteen tries, and for missing data after ten", () => {
    const triesOf = (code: Parameters<typeof nextTry>[1]) => {
      let attempt = 1;
      while (nextTry(attempt, code, null, now) !== null) attempt++;
      return attempt;
    };
    expect(triesOf("PROVIDER_UNAVAILABLE")).toBe(16);
    expect(triesOf("PROVIDER_RESOURCE_MISSING")).toBe(10);
    expect(nextTry(16, "PROVIDER_UNAVAILABLE", hourMs, now)).toBeNull();
  });

  it("waits as long as the provider says, at most a day, and never shorter than planned", () => {
    expect(pause(1, hourMs)).toBe(hourMs);
    expect(pause(1, 30 * 24 * hourMs)).toBe(24 * hourMs);
    expect(pause(10, 1)).toBeGreaterThan(2_304_000 - 1);
  });
});

describe("a missing companion", () => {
  const look = (kind: Parameters<typeof nextLook>[0]["kind"], attempts: number) =>
    waitUntil(nextLook({ kind, attempts }, now));

  it("is looked for after five seconds, a minute and an hour, and no more", () => {
    expect(waitUntil(firstLook(now))).toBe(5_000);
    expect([0, 1, 2, 3].map((attempts) => look("second-look", attempts))).toEqual([
      60_000,
      hourMs,
      null,
      null,
    ]);
  });

  it("is looked for again only by a second look, so that a look never creates further looks", () => {
    for (const kind of ["announced", "backfill", "reconcile", "file"] as const)
      expect(look(kind, 0)).toBeNull();
  });

  it("that is a file is tried again after a minute", () => {
    expect(waitUntil(nextFileTry(now))).toBe(60_000);
  });
});
