/** Returns the sandbox's counts in the form of Polar's headers. */
import type { RateWindow } from "../../providers/provider.ts";

export function readingOf(headers: Record<string, string>): RateWindow[] {
  const [used, limit, reset] = ["Usage", "Limit", "Reset"].map((name) =>
    (headers[`RateLimit-${name}`] ?? "").split(",").map(Number),
  );
  return [0, 1].map((window) => ({
    used: used?.[window] ?? Number.NaN,
    limit: limit?.[window] ?? Number.NaN,
    resetMs: (reset?.[window] ?? Number.NaN) * 1_000,
  }));
}
