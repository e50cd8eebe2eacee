/** Polar's own rules for refusals. */
import type { IncomingHttpHeaders } from "node:http";
import { type FailureRules, outOfReach } from "../kit/failure.ts";
import { pair, rateLimitOf } from "./rate-limit.ts";

/**
 * Tells whether Polar refused a date as too old. D: an activity's `from` may be 365 days old; beyond that 400 "Date
 * cannot be older than …" (POLAR-API §2).
 */
const saysTooOld = (body: Buffer): boolean => /older than/i.test(body.toString("utf8", 0, 2_048));

export const failureRules: FailureRules = {
  verdict: ({ status, body }) => (status === 400 && saysTooOld(body) ? outOfReach : null),
  retryAfterMs: windowWaitMs,
  rateLimit: rateLimitOf,
};

/**
 * Returns how long to wait until Polar's windows allow a call. `RateLimit-Usage`, `-Limit` and `-Reset` are
 * "short,long" windows, Reset in seconds (POLAR-API §1). Waits for the window that is used up, for the later one when
 * both are; null when neither is.
 */
function windowWaitMs(headers: IncomingHttpHeaders): number | null {
  const usage = pair(headers, "ratelimit-usage");
  const limit = pair(headers, "ratelimit-limit");
  const resets = pair(headers, "ratelimit-reset").filter(
    (reset, window) => reset >= 0 && (usage[window] ?? Number.NaN) >= (limit[window] ?? Number.NaN),
  );
  return resets.length > 0 ? Math.max(...resets) * 1000 : null;
}
