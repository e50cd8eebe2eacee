import { z } from "zod";
import { baseUrl } from "../kit/base-url.ts";

/** Garmin needs no application: each person makes a key of their own. Only the host and the pace can be set. */
export const settings = z.object({
  api_url: baseUrl
    .default("https://personal.connectapi.garmin.com")
    .describe("Host of Garmin's Personal API, also for the exchange of keys."),
  call_interval_ms: z.coerce
    .number()
    .int()
    .min(0)
    .max(60_000)
    .default(1_000)
    .describe(
      "Milliseconds between two calls for one person. Garmin answers people who are faster with 429.",
    ),
});

export type GarminSettings = z.output<typeof settings>;
