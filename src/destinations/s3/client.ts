/** The vendor's client, told everything, so that nothing of this machine's own AWS configuration gets in. */
import http from "node:http";
import https from "node:https";
import { S3Client } from "@aws-sdk/client-s3";
import { NodeHttpHandler } from "@smithy/node-http-handler";
import type { SenderContext } from "../destination.ts";
import type { Settings } from "./settings.ts";

/** As many as deliveries to one destination run side by side. */
const maxSockets = 16;

export interface Connection {
  readonly client: S3Client;
  close(): void;
}

/** @throws DeliveryError DESTINATION_ADDRESS_PRIVATE */
export function openClient(settings: Settings, context: SenderContext): Connection {
  const { endpoint, region, ca } = settings;
  if (endpoint !== undefined) context.assertAddressAllowed(new URL(endpoint).hostname);
  const common = { keepAlive: true, maxSockets, lookup: context.lookup };
  const httpAgent = new http.Agent(common);
  const httpsAgent = new https.Agent({ ...common, ...(ca !== undefined && { ca }) });
  const client = new S3Client({
    region,
    credentials: credentialsOf(settings),
    ...(endpoint !== undefined && { endpoint }),
    forcePathStyle: settings.path_style ?? endpoint !== undefined,
    requestHandler: new NodeHttpHandler({ httpAgent, httpsAgent }),
    ...ourWays,
  });
  return {
    client,
    close() {
      client.destroy();
      httpAgent.destroy();
      httpsAgent.destroy();
    },
  };
}

const silent = { trace() {}, debug() {}, info() {}, warn() {}, error() {} };

const ourWays = {
  // Schedule and time are the house's: a second try in here would spend the first one's.
  maxAttempts: 1,
  retryMode: "standard",
  // Bodies are signed with their SHA-256. Further checksums go in a trailer that many servers refuse.
  requestChecksumCalculation: "WHEN_REQUIRED",
  responseChecksumValidation: "WHEN_REQUIRED",
  // Servers that do not know `Expect: 100-continue` keep us waiting.
  expectContinueHeader: false,
  logger: silent,
  defaultsMode: "standard",
  ignoreConfiguredEndpointUrls: true,
  useDualstackEndpoint: false,
  useFipsEndpoint: false,
  useArnRegion: false,
  disableS3ExpressSessionAuth: false,
  authSchemePreference: ["sigv4"],
  userAgentAppId: "systole",
} satisfies ConstructorParameters<typeof S3Client>[0];

function credentialsOf({ access_key_id, secret_access_key, session_token }: Settings) {
  return {
    accessKeyId: access_key_id,
    secretAccessKey: secret_access_key,
    ...(session_token !== undefined && { sessionToken: session_token }),
  };
}
