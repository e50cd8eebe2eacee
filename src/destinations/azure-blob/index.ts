/** Azure Blob Storage: a blob for each record. See README.md. */
import { z } from "zod";
import { defineDestination, type Sender, type SenderContext } from "../destination.ts";
import { openHttp } from "../kit/http.ts";
import { objectSender } from "../kit/objects/sender.ts";
import { compressionSetting, prefixSetting } from "../kit/objects/settings.ts";
import { checkSas } from "./check.ts";
import { faultOfSas, readSas } from "./sas.ts";
import { asker, azureStore } from "./store.ts";

const settings = z
  .strictObject({
    sas_url: z
      .url({ protocol: /^https?$/, hostname: /./ })
      .max(2_048)
      .meta({ secret: true })
      .describe("A container's or an account's SAS URL, with the permissions read and write."),
    container: z
      .string()
      .regex(/^(?=.{3,63}$)[a-z0-9]+(-[a-z0-9]+)*$/, "is not the name of a container")
      .optional()
      .describe("The container's name, for a SAS URL that has none in it. It must be there already."),
    prefix: prefixSetting,
    compression: compressionSetting,
  })
  .superRefine(({ sas_url, container }, context) => {
    const message = faultOfSas(sas_url, container);
    if (message !== null) context.addIssue({ code: "custom", path: ["sas_url"], message });
  });
type Settings = z.output<typeof settings>;

export default defineDestination({
  kind: "azure-blob",
  displayName: "Azure Blob Storage",
  formats: ["fhir", "fit"],
  settings,
  connect,
});

function connect({ sas_url, container, prefix, compression }: Settings, context: SenderContext): Sender {
  const sas = readSas(sas_url, container);
  context.assertAddressAllowed(sas.container.hostname);
  const http = openHttp(context);
  const ask = asker(http, sas);
  const store = { ...azureStore(ask, sas), close: () => http.close() };
  return objectSender(store, {
    prefix,
    compression,
    check: (signal) => checkSas({ store, ask, sas, prefix }, signal),
  });
}
