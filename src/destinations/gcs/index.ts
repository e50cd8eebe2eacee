/** Google Cloud Storage: an object for each record. See README.md. */
import { z } from "zod";
import { defineDestination, type Sender, type SenderContext } from "../destination.ts";
import { readServiceAccount, serviceAccountSetting } from "../kit/google/service-account.ts";
import { openTokens } from "../kit/google/token.ts";
import { openHttp } from "../kit/http.ts";
import { objectSender } from "../kit/objects/sender.ts";
import { compressionSetting, prefixSetting } from "../kit/objects/settings.ts";
import type { ObjectStore } from "../kit/objects/store.ts";
import { signedUrl } from "./sign.ts";
import { gcsStore } from "./store.ts";

/** Reads, writes and deletes objects; no say in who else may. */
const scope = "https://www.googleapis.com/auth/devstorage.read_write";

const settings = z.strictObject({
  bucket: z
    .string()
    .regex(/^[a-z0-9][a-z0-9._-]{1,220}[a-z0-9]$/, "is not the name of a bucket")
    .describe("The bucket's name. It must be there already."),
  service_account: serviceAccountSetting
    .meta({ secret: true })
    .describe("A service account's key: the whole JSON file that Google Cloud gave you."),
  prefix: prefixSetting,
  compression: compressionSetting,
  endpoint: z
    .url({ protocol: /^https?$/, hostname: /./ })
    .refine((url) => URL.parse(url)?.origin === url.replace(/\/$/, ""), "must be an origin, without a path")
    .default("https://storage.googleapis.com")
    .meta({ address: true })
    .describe("Another address of Cloud Storage: Private Service Connect, a region's own, an emulator."),
});
type Settings = z.output<typeof settings>;

export default defineDestination({ kind: "gcs", displayName: "Google Cloud Storage", settings, connect });

function connect(given: Settings, context: SenderContext): Sender {
  const account = readServiceAccount(given.service_account);
  const endpoint = new URL(given.endpoint);
  for (const { hostname } of [endpoint, account.tokenUrl]) context.assertAddressAllowed(hostname);
  const http = openHttp(context);
  const tokens = openTokens(account, scope, http);
  const store: ObjectStore = {
    ...gcsStore({ endpoint, http, tokens }, given.bucket),
    sign: async (key, expiresInSeconds) =>
      signedUrl(account, { endpoint, bucket: given.bucket, key }, expiresInSeconds, new Date()),
    close: () => http.close(),
  };
  return objectSender(store, given);
}
