/** Classifies answers that are no success: the rules that most providers share, and each provider's own additions. */
import type { IncomingHttpHeaders } from "node:http";
import type { ErrorCode } from "../../errors.ts";
import { ProviderError, type RateLimitReading } from "../provider.ts";

/**
 * Whose credentials were sent. A refused person is asked to connect again; a refused client is for the operator to fix.
 */
export type Credentials = "person" | "client";

export interface FailedAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  /** The path without its query. */
  readonly path: string;
  readonly credentials: Credentials;
}

export interface Verdict {
  readonly code: ErrorCode;
  readonly retry: "later" | "never";
}

/** A provider's own rules. Each returns null where the shared rule holds. */
export interface FailureRules {
  verdict?(answer: FailedAnswer): Verdict | null;
  /** Returns how long the answer asks us to wait. */
  retryAfterMs?(headers: IncomingHttpHeaders): number | null;
  /** Returns the cause in a few words of ours, never text of the body; null where the shared rule holds. */
  reason?(answer: FailedAnswer): string | null;
  rateLimit?(headers: IncomingHttpHeaders): RateLimitReading | null;
  /** Returns what the headers of a success say about the next page; null where they name none. */
  next?(headers: IncomingHttpHeaders): string | null;
}

/** The verdict on data that is older than what the provider keeps. */
export const outOfReach: Verdict = { code: "PROVIDER_OUT_OF_REACH", retry: "never" };

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

function sharedVerdict({ status, credentials }: FailedAnswer): Verdict {
  if (status >= 500) return unavailable;
  return (credentials === "person" ? personVerdicts[status] : undefined) ?? verdicts[status] ?? refused;
}

export function failureOf(answer: FailedAnswer, rules: FailureRules = {}): ProviderError {
  const { status, headers, path, body } = answer;
  const { code, retry } = rules.verdict?.(answer) ?? sharedVerdict(answer);
  const isTold = status === 429 || status === 503;
  const waitMs = isTold ? (rules.retryAfterMs?.(headers) ?? retryAfterHeaderMs(headers)) : null;
  return new ProviderError(
    code,
    retry,
    { status, path, reason: rules.reason?.(answer) ?? reasonOf(body) },
    { rateLimit: rules.rateLimit?.(headers) ?? null, ...(waitMs !== null && { retryAfterMs: waitMs }) },
  );
}

export function header(headers: IncomingHttpHeaders, name: string): string | undefined {
  const value = headers[name];
  return Array.isArray(value) ? value[0] : value;
}

/** Returns the wait in `Retry-After`, given in seconds or as a date; null where there is none. */
function retryAfterHeaderMs(headers: IncomingHttpHeaders): number | null {
  const value = header(headers, "retry-after");
  if (value === undefined) return null;
  if (/^\d+$/.test(value)) return Number(value) * 1000;
  const at = Date.parse(value);
  return Number.isNaN(at) ? null : Math.max(0, at - Date.now());
}

/**
 * Returns the provider's own code for the failure: `errorType`, `error_type`, or OAuth's `error`. Takes nothing but an
 * identifier: the rest of a body could contain anything.
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
