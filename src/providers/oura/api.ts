/** Calls of Oura's API v2 with a person's access token. */
import type { FailureRules } from "../kit/failure.ts";
import { sendAsBearer } from "../kit/send-as-bearer.ts";
import type { Api } from "../provider.ts";
import type { OuraSettings } from "./settings.ts";

/**
 * "403: The requested resource requires additional permissions or the user's Oura subscription has expired." The first
 * concerns one resource only, the second all of them. A text that names both is "usually" about the second.
 */
export const failureRules: FailureRules = {
  verdict({ status, body }) {
    const text = body.toString("utf8", 0, 2_048);
    const isOfOne = /scope|permission/i.test(text) && !/subscription|membership/i.test(text);
    return status === 403 && isOfOne ? { code: "PROVIDER_REFUSED", retry: "never" } : null;
  },
};

const minuteMs = 60_000;

export const api: Api<OuraSettings> = {
  // There is a limit for each application, which Oura does not publish; a 429 says how long to wait.
  rateLimits: [],
  personRateLimits: [{ name: "5 minutes", lengthMs: 5 * minuteMs, calls: 5_000 }],
  limitedAs: ({ api_url, client_id }) => `${api_url} ${client_id}`,
  send: sendAsBearer(({ api_url }) => api_url, failureRules),
};
