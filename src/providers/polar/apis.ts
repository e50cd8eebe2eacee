import type { Api } from "../provider.ts";
import type { PolarSettings } from "./settings.ts";

/** AccessLink v3, the only one of Polar's APIs that is spoken so far. */
export const accesslink = "accesslink-v3";

/** D: "15 min: 500 + 20 × users; 24 h: 5,000 + 100 × users", per client (POLAR-API §1). */
export const apis: Readonly<Record<string, Api<PolarSettings>>> = {
  [accesslink]: {
    rateLimits: [
      { name: "15 minutes", lengthMs: 15 * 60_000, callsOfClient: 500, callsPerUser: 20 },
      { name: "24 hours", lengthMs: 24 * 3_600_000, callsOfClient: 5_000, callsPerUser: 100 },
    ],
    // However the host is spelt: in capitals, or with the port that https has anyway.
    limitedAs: ({ api_url, client_id }) => `${new URL(api_url).href.replace(/\/+$/, "")} ${client_id}`,
  },
};
