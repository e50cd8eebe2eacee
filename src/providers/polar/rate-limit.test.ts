import { describe, expect, it } from "vitest";
import { rateLimitOf } from "./rate-limit.ts";

const headers = {
  "ratelimit-usage": "17,1200",
  "ratelimit-limit": "520,5100",
  "ratelimit-reset": "600, 80000",
};

describe("Polar's rate-limit headers", () => {
  it("give both windows, with resets in seconds", () => {
    expect(rateLimitOf(headers)).toEqual([
      { used: 17, limit: 520, resetMs: 600_000 },
      { used: 1_200, limit: 5_100, resetMs: 80_000_000 },
    ]);
  });

  it("ignores an incomplete reading", () => {
    expect(rateLimitOf({})).toBeNull();
    expect(rateLimitOf({ ...headers, "ratelimit-usage": "17" })).toBeNull();
    expect(rateLimitOf({ ...headers, "ratelimit-limit": "520," })).toBeNull();
    expect(rateLimitOf({ ...headers, "ratelimit-reset": "-1,5" })).toBeNull();
    expect(rateLimitOf({ ...headers, "ratelimit-reset": "soon,later" })).toBeNull();
  });
});
