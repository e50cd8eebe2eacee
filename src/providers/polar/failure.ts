/** What an answer that is no answer means, decided where the cause is known; ingest only obeys. */
import type { IncomingHttpHeaders } from "node:http";
import type { ErrorCode } from "../../errors.ts";
import { ProviderError } from "../provider.ts";
import { header, pair, rateLimitOf } from "./rate-limit.ts";

/** A refused person is asked to connect again; a refused client is the operator's matter. */
export type Credentials = "person" | "client";

export interface FailedAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  /** Path without query. */
  readonly path: string;
  readonly credentials: Credentials;
}

interface Verdict {
  readonly code: ErrorCode;
  readonly retry: "later" | "never";
}

const unavailable: Verdict = { code: "PROVIDER_UNAVAILABLE", retry: "later" };
const refused: Verdict = { code: "PROVIDER_REFUSED", retry: "never" };
const personVerdicts: Readonly<Record<number, Verdict>> = {
  401: { code: "PROVIDER_UNAUTHORIZED", retry: "never" },
  403: { code: "PROVIDER_FORBIDDEN", retry: "later" },
};
const verdicts: Readonly<Record<number, Verdict>> = {
  404: { code: "PROVIDER_RESOURCE_MISSING", retry: "later" },
  408: unavailable,
  429: { code: "PROVIDER_RATE_LIMITED", retry: "later" },
};

/** D: an activity's `from` may be 365 days old; beyond that 400 "Date cannot be older than …" (POLAR-API §2). */
const outOfReach: Verdict = { code: "PROVIDER_OUT_OF_REACH", retry: "never" };
const saysTooOld = (body: Buffer): boolean => /older than/i.test(body.toString("utf8", 0, 2_048));

function verdictOf({ status, credentials, body }: FailedAnswer): Verdict {
  if (status >= 500) return unavailable;
  if (status === 400 && saysTooOld(body)) return outOfReach;
  return (credentials === "person" ? personVerdicts[status] : undefined) ?? verdicts[status] ?? refused;
}

export function failureOf(answer: FailedAnswer): ProviderError {
  const { code, retry } = verdictOf(answer);
  const details = { status: answer.status, path: answer.path, reason: reasonOf(answer.body) };
  const waitMs = answer.status === 429 || answer.status === 503 ? retryAfterMs(answer.headers) : null;
  const rateLimit = rateLimitOf(answer.headers);
  return new ProviderError(code, retry, details, {
    rateLimit,
    ...(waitMs !== null && { retryAfterMs: waitMs }),
  });
}

/**
 * `RateLimit-Usage`, `-Limit` and `-Reset` are "short,long" windows, Reset in seconds (POLAR-API §1). Wait
 * for the window that is used up, for the later one when both are; else do as `Retry-After` says.
 */
export function retryAfterMs(headers: IncomingHttpHeaders): number | null {
  const usage = pair(headers, "ratelimit-usage");
  const limit = pair(headers, "ratelimit-limit");
  const resets = pair(headers, "ratelimit-reset").filter(
    (reset, window) => reset >= 0 && (usage[window] ?? Number.NaN) >= (limit[window] ?? Number.NaN),
  );
  return resets.length > 0 ? Math.max(...resets) * 1000 : retryAfterHeaderMs(headers);
}

function retryAfterHeaderMs(headers: IncomingHttpHeaders): number | null {
  const value = header(headers, "retry-after");
  if (value === undefined) return null;
  if (/^\d+$/.test(value)) return Number(value) * 1000;
  const at = Date.parse(value);
  return Number.isNaN(at) ? null : Math.max(0, at - Date.now());
}

/**
 * Polar's word for what went wrong: flat `errorType` in the documentation, `error.error_type` as seen, `error`
 * in OAuth. Only an identifier is taken: the rest of a body could hold anything.
 */
function reasonOf(body: Buffer): string | undefined {
  let parsed: unknown;
  try {
    parsed = JSON.parse(body.toString("utf8"));
  } catch {
    return undefined;
  }
  const found = /"(?:error_?[tT]ype|error)":"([\w.]{1,100})"/.exec(JSON.stringify(parsed));
  return found?.[1];
}
