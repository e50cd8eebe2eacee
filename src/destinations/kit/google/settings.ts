/** Settings that Google Cloud's services share. */
import { z } from "zod";
import { serviceAccountSetting } from "./service-account.ts";

export const googleSettings = (origin: string, endpointDescription: string) => ({
  service_account: serviceAccountSetting
    .meta({ secret: true })
    .describe("A service account's key: the whole JSON file that Google Cloud gave you."),
  endpoint: z
    .url({ protocol: /^https?$/, hostname: /./ })
    .refine((url) => URL.parse(url)?.origin === url.replace(/\/$/, ""), "must be an origin, without a path")
    .default(origin)
    .meta({ address: true })
    .describe(endpointDescription),
});
