/** The vendor's client, told everything, so that nothing of this machine's own AWS configuration gets in. */
import http from "node:http";
import https from "node:https";
import { SQSClient } from "@aws-sdk/client-sqs";
import { NodeHttpHandler } from "@smithy/node-http-handler";
import type { SenderContext } from "../destination.ts";
import type { Settings } from "./settings.ts";

/** As many as deliveries to one destination run side by side. */
const maxSockets = 16;

export interface Connection {
  readonly client: SQSClient;
  close(): void;
}

/** @throws DeliveryError DESTINATION_ADDRESS_PRIVATE */
export function openClient(settings: Settings, context: SenderContext): Connection {
  const { origin, hostname } = new URL(settings.queue_url);
  context.assertAddressAllowed(hostname);
  const common = { keepAlive: true, maxSockets, lookup: context.lookup };
  const [httpAgent, httpsAgent] = [new http.Agent(common), new https.Agent(common)];
  const client = new SQSClient({
    region: settings.region,
    credentials: { accessKeyId: settings.access_key_id, secretAccessKey: settings.secret_access_key },
    endpoint: origin,
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
  // A hash of one entry that does not agree would fail all that were taken with it; TLS keeps bodies whole.
  md5: false,
  logger: silent,
  defaultsMode: "standard",
  useDualstackEndpoint: false,
  useFipsEndpoint: false,
  authSchemePreference: ["sigv4"],
  userAgentAppId: "systole",
} satisfies ConstructorParameters<typeof SQSClient>[0];
