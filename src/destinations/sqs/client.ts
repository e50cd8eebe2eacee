/** The vendor's client, with every setting given, so that this machine's own AWS configuration has no effect. */
import { SQSClient } from "@aws-sdk/client-sqs";
import type { SenderContext } from "../destination.ts";
import { awsOptions, credentialsOf, openConnections } from "../kit/aws/client.ts";
import type { Settings } from "./settings.ts";

export interface Connection {
  readonly client: SQSClient;
  close(): void;
}

/** @throws DeliveryError DESTINATION_ADDRESS_PRIVATE */
export function openClient(settings: Settings, context: SenderContext): Connection {
  const { origin, hostname } = new URL(settings.queue_url);
  context.assertAddressAllowed(hostname);
  const { requestHandler, close } = openConnections(context);
  const client = new SQSClient({
    region: settings.region,
    credentials: credentialsOf(settings),
    endpoint: origin,
    requestHandler,
    // A hash of one entry that does not agree would fail all that were taken with it; TLS keeps bodies whole.
    md5: false,
    ...awsOptions,
  });
  return {
    client,
    close() {
      client.destroy();
      close();
    },
  };
}
