/** The vendor's client, with every setting given, so that this machine's own AWS configuration has no effect. */
import { S3Client } from "@aws-sdk/client-s3";
import type { SenderContext } from "../destination.ts";
import { awsOptions, credentialsOf, openConnections } from "../kit/aws/client.ts";
import type { Settings } from "./settings.ts";

export interface Connection {
  readonly client: S3Client;
  close(): void;
}

/** @throws DeliveryError DESTINATION_ADDRESS_PRIVATE */
export function openClient(settings: Settings, context: SenderContext): Connection {
  const { endpoint, region, ca } = settings;
  if (endpoint !== undefined) context.assertAddressAllowed(new URL(endpoint).hostname);
  const { requestHandler, close } = openConnections(context, ca);
  const client = new S3Client({
    region,
    credentials: credentialsOf(settings),
    ...(endpoint !== undefined && { endpoint }),
    forcePathStyle: settings.path_style ?? endpoint !== undefined,
    requestHandler,
    ...awsOptions,
    // Bodies are signed with their SHA-256. Further checksums go in a trailer that many servers refuse.
    requestChecksumCalculation: "WHEN_REQUIRED",
    responseChecksumValidation: "WHEN_REQUIRED",
    // A server that does not know `Expect: 100-continue` keeps the client waiting.
    expectContinueHeader: false,
    ignoreConfiguredEndpointUrls: true,
    useArnRegion: false,
    disableS3ExpressSessionAuth: false,
  });
  return {
    client,
    close() {
      client.destroy();
      close();
    },
  };
}
