import { z } from "zod";
import { baseUrl, pageUrl } from "../kit/base-url.ts";

/** Credentials of a client made at admin.polaraccesslink.com, and Polar's addresses. */
export const polarSettings = z.object({
  client_id: z.string().min(1).describe("Client id of your Polar AccessLink client."),
  client_secret: z.string().min(1).meta({ secret: true }).describe("Its client secret."),
  authorize_url: pageUrl
    .default("https://flow.polar.com/oauth2/authorization")
    .describe("Page where the person gives access."),
  token_url: baseUrl
    .default("https://polarremote.com/v2/oauth2/token")
    .describe("Endpoint that exchanges the authorisation code."),
  api_url: baseUrl.default("https://www.polaraccesslink.com").describe("Host of the AccessLink API."),
});

export type PolarSettings = z.output<typeof polarSettings>;

/** The settings the process environment gives; null unless both credentials are there. */
export function settingsFromEnvironment(env: NodeJS.ProcessEnv): z.input<typeof polarSettings> | null {
  const { POLAR_CLIENT_ID, POLAR_CLIENT_SECRET, POLAR_AUTHORIZE_URL, POLAR_TOKEN_URL, POLAR_API_URL } = env;
  if (!POLAR_CLIENT_ID || !POLAR_CLIENT_SECRET) return null;
  return {
    client_id: POLAR_CLIENT_ID,
    client_secret: POLAR_CLIENT_SECRET,
    // An empty variable is what a compose file makes of an unset one.
    authorize_url: POLAR_AUTHORIZE_URL || undefined,
    token_url: POLAR_TOKEN_URL || undefined,
    api_url: POLAR_API_URL || undefined,
  };
}
