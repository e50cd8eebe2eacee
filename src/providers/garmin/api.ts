/** Calls of Garmin's Personal API with a token that was made from the person's key. */
import type { IncomingHttpHeaders } from "node:http";
import { type FailureRules, header } from "../kit/failure.ts";
import { sendAsBearer } from "../kit/send-as-bearer.ts";
import type { Api } from "../provider.ts";
import { Pace } from "./pace.ts";
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

const hourMs = 3_600_000;
const pace = new Pace();
const sendAtOnce = sendAsBearer<GarminSettings>(({ api_url }) => api_url, failureRules);

export const api: Api<GarminSettings> = {
  // Garmin publishes no limits. Twelve calls at the same time were answered with 429.
  rateLimits: [],
  // One a second as a rule, which `pace` keeps. The planner postpones what does not fit by a minute or more, so it counts by the hour.
  personRateLimits: [{ name: "an hour", lengthMs: hourMs, calls: 3_600 }],
  parallelCalls: 2,
  limitedAs: ({ api_url }) => api_url,
  async send(access, request, grant, signal) {
    await pace.turn(grant.providerUserId, access.settings.call_interval_ms, signal);
    return sendAtOnce(access, request, grant, signal);
  },
};
