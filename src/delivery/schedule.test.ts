import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { maxAttempts, retryDelayMs, retryDelaysMs } from "./schedule.ts";

const hour = 3_600_000;
const random = fc.double({ min: 0, max: 1, noNaN: true });
const attempts = fc.integer({ min: 1, max: maxAttempts - 1 });

describe("retry schedule", () => {
  it("starts at 5 s, doubles, and lasts a little over 24 h", () => {
    const seconds = retryDelaysMs.map((ms) => ms / 1_000);
    expect(seconds).toEqual([
      5, 10, 20, 40, 80, 160, 320, 640, 1_280, 2_560, 5_120, 10_240, 20_480, 28_800, 18_445,
    ]);
    expect(seconds.reduce((sum, delay) => sum + delay)).toBe(24.5 * 3_600);
    expect(maxAttempts).toBe(16);
  });

  it("adds at most a tenth at random and never goes beyond 8 h", () => {
    fc.assert(
      fc.property(attempts, random, (made, r) => {
        const base = retryDelaysMs[made - 1] ?? Number.NaN;
        const delay = retryDelayMs(made, r) ?? Number.NaN;
        expect(delay).toBeGreaterThanOrEqual(base);
        expect(delay).toBeLessThanOrEqual(Math.min(8 * hour, base * 1.1 + 1));
      }),
    );
    expect(retryDelayMs(1, 1)).toBe(5_500);
  });

  it("stays between 24 and 27 h whatever the random parts are", () => {
    fc.assert(
      fc.property(fc.array(random, { minLength: maxAttempts - 1, maxLength: maxAttempts - 1 }), (parts) => {
        const total = parts.reduce((sum, r, index) => sum + (retryDelayMs(index + 1, r) ?? Number.NaN), 0);
        expect(total).toBeGreaterThanOrEqual(24 * hour);
        expect(total).toBeLessThanOrEqual(27 * hour);
      }),
    );
  });

  it("ends after the last attempt, also when the target names a time", () => {
    expect(retryDelayMs(maxAttempts - 1, 0)).not.toBeNull();
    expect(retryDelayMs(maxAttempts, 0)).toBeNull();
    expect(retryDelayMs(maxAttempts, 0, 1_000)).toBeNull();
  });

  it("waits as long as Retry-After says, within the cap, and never shorter than planned", () => {
    const retryAfter = fc.double({ min: 0, max: 1e12, noNaN: true });
    fc.assert(
      fc.property(attempts, random, retryAfter, (made, r, after) => {
        const delay = retryDelayMs(made, r, after) ?? Number.NaN;
        expect(delay).toBeGreaterThanOrEqual(Math.floor(Math.min(after, 8 * hour)));
        expect(delay).toBeGreaterThanOrEqual(retryDelaysMs[made - 1] ?? Number.NaN);
        expect(delay).toBeLessThanOrEqual(8 * hour);
      }),
    );
    expect(retryDelayMs(1, 0, 120_000)).toBe(120_000);
    expect(retryDelayMs(1, 0, Number.POSITIVE_INFINITY)).toBe(8 * hour);
  });
});
