import { bearer } from "../kit/call.ts";
import { type Api, ProviderError } from "../provider.ts";
import { callPolar } from "./http.ts";
import { accesslink, dynamic } from "./names.ts";
import type { PolarSettings } from "./settings.ts";
import { dynamicApi } from "./v4/api.ts";

export const apis: Readonly<Record<string, Api<PolarSettings>>> = {
  [accesslink]: {
    /** D: "15 min: 500 + 20 × users; 24 h: 5,000 + 100 × users", per client (POLAR-API §1). */
    rateLimits: [
      { name: "15 minutes", lengthMs: 15 * 60_000, callsOfClient: 500, callsPerUser: 20 },
      { name: "24 hours", lengthMs: 24 * 3_600_000, callsOfClient: 5_000, callsPerUser: 100 },
    ],
    // Uses the parsed URL, so that capitals in the host or an explicit port 443 make no difference.
    limitedAs: ({ api_url, client_id }) => `${new URL(api_url).href.replace(/\/+$/, "")} ${client_id}`,
    async send({ settings, http }, { path, accept }, grant, signal) {
      const answer = await callPolar(http, {
        method: "GET",
        url: settings.api_url + path,
        authorization: bearer(grant.accessToken),
        credentials: "person",
        accept,
        signal,
      });
      if (answer.status === 200 || answer.status === 204) return answer;
      throw new ProviderError("PROVIDER_REFUSED", "never", { status: answer.status, path });
    },
  },
  [dynamic]: dynamicApi,
};
