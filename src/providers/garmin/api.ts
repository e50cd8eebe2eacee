/** Calls of Garmin's Personal API with a token that was made from the person's key. */
import type { IncomingHttpHeaders } from "node:http";
import { type FailureRules, header } from "../kit/failure.ts";
import { sendAsBearer } from "../kit/send-as-bearer.ts";
import type { Api } from "../provider.ts";
import type { GarminSettings } from "./settings.ts";

/** Without a Retry-After, a minute: people were locked out for minutes after they had gone on asking. */
const pauseMs = 60_000;

/** The key may not read one resource, or the account does not have it. Others stay readable. */
const refusals: ReadonlySet<number> = new Set([403, 405]);

export const failureRules: FailureRules = {
  verdict: ({ status }) => (refusals.has(status) ? { code: "PROVIDER_REFUSED", retry: "never" } : null),
  retryAfterMs: (headers: IncomingHttpHeaders) =>
    header(headers, "retry-after") === undefined ? pauseMs : null,
};

export const api: Api<GarminSettings> = {
  // Garmin publishes no limits. Twelve calls at the same time were answered with 429.
  rateLimits: [],
  personGapMs: ({ call_interval_ms }) => call_interval_ms,
  parallelCalls: 2,
  limitedAs: ({ api_url }) => api_url,
  send: sendAsBearer(({ api_url }) => api_url, failureRules),
};
