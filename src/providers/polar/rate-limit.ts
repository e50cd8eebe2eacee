/** Reads Polar's limits from the headers of every answer, refusals included. */
import type { IncomingHttpHeaders } from "node:http";
import { header } from "../kit/failure.ts";
import type { RateLimitReading, RateWindow } from "../provider.ts";

/** Parses "short,long"; NaN for what is no number. */
export function pair(headers: IncomingHttpHeaders, name: string): readonly number[] {
  return (header(headers, name) ?? "")
    .split(",")
    .map((part) => (part.trim() === "" ? Number.NaN : Number(part)));
}

/**
 * Returns both windows of Polar's limits. `RateLimit-Usage`, `-Limit` and `-Reset` each hold "short,long", Reset in
 * seconds (POLAR-API §1). Null unless both windows are complete: half a reading could be taken for the other window's.
 */
export function rateLimitOf(headers: IncomingHttpHeaders): RateLimitReading | null {
  const usage = pair(headers, "ratelimit-usage");
  const limit = pair(headers, "ratelimit-limit");
  const reset = pair(headers, "ratelimit-reset");
  const windows = [0, 1].flatMap((window) => windowOf(usage[window], limit[window], reset[window]));
  return windows.length === 2 ? windows : null;
}

function windowOf(used = Number.NaN, limit = Number.NaN, resetSeconds = Number.NaN): RateWindow[] {
  const isWhole = used >= 0 && limit >= 0 && resetSeconds >= 0;
  return isWhole ? [{ used, limit, resetMs: resetSeconds * 1_000 }] : [];
}
