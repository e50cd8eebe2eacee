import type { SandboxInstance, SandboxPlace, SandboxPlugin } from "../contract.ts";
import { buildApp } from "./app.ts";
import { homePart } from "./control/home.ts";
import { Sandbox } from "./sandbox.ts";

export interface PolarClient {
  readonly clientId: string;
  readonly clientSecret: string;
}

export const usualClient: PolarClient = { clientId: "sandbox-client", clientSecret: "sandbox-secret" };

export function createPolar(place: SandboxPlace, client: PolarClient = usualClient): SandboxInstance {
  const sandbox = new Sandbox({ ...place, ...client });
  const app = buildApp(sandbox);
  return {
    app,
    variables: {
      POLAR_CLIENT_ID: client.clientId,
      POLAR_CLIENT_SECRET: client.clientSecret,
      POLAR_AUTHORIZE_URL: `${place.url}/oauth2/authorization`,
      POLAR_TOKEN_URL: `${place.url}/v2/oauth2/token`,
      POLAR_API_URL: place.url,
      POLAR_V4_AUTHORIZE_URL: `${place.url}/oauth/authorize`,
      POLAR_V4_TOKEN_URL: `${place.url}/oauth/token`,
      POLAR_V4_API_URL: place.url,
    },
    home: () => homePart(sandbox),
    isSubscribed: () => sandbox.webhooks.get()?.active === true,
    async close() {
      await sandbox.sender.close();
      await app.close();
    },
  };
}

const polar: SandboxPlugin = {
  slug: "polar",
  displayName: "Polar",
  paths: ["/oauth2", "/v2", "/v3", "/oauth", "/v4"],
  isAtRoot: true,
  demo: {
    recordsOf: { exercises: "activity", sleep: "sleep", activities: "daily" },
    connecting: "page",
  },
  create: (place) => createPolar(place),
};

/** A simulated Polar, AccessLink v3 and the Dynamic API v4, for users, demos and tests. README.md says what it does. */
export default polar;
