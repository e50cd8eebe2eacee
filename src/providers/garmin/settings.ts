import { z } from "zod";
import { baseUrl } from "../kit/base-url.ts";

/** Garmin needs no application: each person makes a key of their own. Only the host can be set. */
export const settings = z.object({
  api_url: baseUrl
    .default("https://personal.connectapi.garmin.com")
    .describe("Host of Garmin's Personal API, also for the exchange of keys."),
});

export type GarminSettings = z.output<typeof settings>;
