/** Google Cloud Storage: an object for each record. See README.md. */
import { z } from "zod";
import { defineDestination, type Sender, type SenderContext } from "../destination.ts";
import { openGoogleApi } from "../kit/google/api.ts";
import { googleSettings } from "../kit/google/settings.ts";
import { objectSender } from "../kit/objects/sender.ts";
import { compressionSetting, prefixSetting } from "../kit/objects/settings.ts";
import type { ObjectStore } from "../kit/objects/store.ts";
import { signedUrl } from "./sign.ts";
import { gcsStore } from "./store.ts";

/** Reads, writes and deletes objects, and cannot change permissions. */
const scope = "https://www.googleapis.com/auth/devstorage.read_write";

const google = googleSettings(
  "https://storage.googleapis.com",
  "Another address of Cloud Storage: Private Service Connect, a region's own, an emulator.",
);

const settings = z.strictObject({
  bucket: z
    .string()
    .regex(/^[a-z0-9][a-z0-9._-]{1,220}[a-z0-9]$/, "is not the name of a bucket")
    .describe("The bucket's name. It must be there already."),
  service_account: google.service_account,
  prefix: prefixSetting,
  compression: compressionSetting,
  endpoint: google.endpoint,
});
type Settings = z.output<typeof settings>;

export default defineDestination({
  kind: "gcs",
  displayName: "Google Cloud Storage",
  formats: ["fhir", "fit"],
  settings,
  connect,
});

function connect(given: Settings, context: SenderContext): Sender {
  const api = openGoogleApi(given, scope, context);
  const { account, endpoint } = api;
  const store: ObjectStore = {
    ...gcsStore(api, given.bucket),
    sign: async (key, expiresInSeconds) =>
      signedUrl(account, { endpoint, bucket: given.bucket, key }, expiresInSeconds, new Date()),
    close: () => api.close(),
  };
  return objectSender(store, given);
}
