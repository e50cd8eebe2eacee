/** Set-up that AWS's clients share, so that this machine's own AWS configuration has no effect. */
import http from "node:http";
import https from "node:https";
import { NodeHttpHandler } from "@smithy/node-http-handler";
import type { SenderContext } from "../../destination.ts";
import { connectionsPerTarget } from "../http.ts";
import type { AwsCredentials } from "./settings.ts";

/** Connections that go through the address guard. `ca` is trusted in place of the public authorities. */
export function openConnections(
  { lookup }: SenderContext,
  ca?: string,
): { readonly requestHandler: NodeHttpHandler; close(): void } {
  const common = { keepAlive: true, maxSockets: connectionsPerTarget, lookup };
  const httpAgent = new http.Agent(common);
  const httpsAgent = new https.Agent({ ...common, ...(ca !== undefined && { ca }) });
  return {
    requestHandler: new NodeHttpHandler({ httpAgent, httpsAgent }),
    close() {
      httpAgent.destroy();
      httpsAgent.destroy();
    },
  };
}

const silent = { trace() {}, debug() {}, info() {}, warn() {}, error() {} };

export const awsOptions = {
  // Systole schedules retries: one inside the client would use up the time of the first try.
  maxAttempts: 1,
  retryMode: "standard",
  logger: silent,
  defaultsMode: "standard" as const,
  useDualstackEndpoint: false,
  useFipsEndpoint: false,
  authSchemePreference: ["sigv4"],
  userAgentAppId: "systole",
};

export const credentialsOf = ({ access_key_id, secret_access_key, session_token }: AwsCredentials) => ({
  accessKeyId: access_key_id,
  secretAccessKey: secret_access_key,
  ...(session_token !== undefined && { sessionToken: session_token }),
});
