/** AWS S3 and servers with its protocol: an object for each record. See README.md. */
import { defineDestination } from "../destination.ts";
import { objectSender } from "../kit/objects/sender.ts";
import { openClient } from "./client.ts";
import { settings } from "./settings.ts";
import { s3Store } from "./store.ts";

export default defineDestination({
  kind: "s3",
  displayName: "AWS S3",
  formats: ["fhir", "fit"],
  settings,
  connect(given, context) {
    const { client, close } = openClient(given, context);
    const store = {
      ...s3Store(client, given.bucket),
      conditionsUnknown: given.endpoint !== undefined,
      close: async () => close(),
    };
    return objectSender(store, given);
  },
});
