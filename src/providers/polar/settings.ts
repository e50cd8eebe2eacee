import { z } from "zod";
import { baseUrl, pageUrl } from "../kit/base-url.ts";

const usual = {
  authorize: "https://flow.polar.com/oauth2/authorization",
  token: "https://polarremote.com/v2/oauth2/token",
  api: "https://www.polaraccesslink.com",
  v4Authorize: "https://auth.polar.com/oauth/authorize",
  v4Token: "https://auth.polar.com/oauth/token",
};

const besideV3 = "Where only AccessLink's address was changed, it is at that host.";

/** Credentials of a client made at admin.polaraccesslink.com, and Polar's addresses. */
const declared = z.object({
  client_id: z.string().min(1).describe("Client id of your Polar AccessLink client."),
  client_secret: z.string().min(1).meta({ secret: true }).describe("Its client secret."),
  authorize_url: pageUrl.default(usual.authorize).describe("Page where the person gives access."),
  token_url: baseUrl.default(usual.token).describe("Endpoint that exchanges the authorisation code."),
  api_url: baseUrl.default(usual.api).describe("Host of the AccessLink API."),
  v4_authorize_url: pageUrl.optional().meta({
    default: usual.v4Authorize,
    address: true,
    description: `Page where the person gives access to the Dynamic API v4. ${besideV3}`,
  }),
  v4_token_url: baseUrl.optional().meta({
    default: usual.v4Token,
    address: true,
    called: true,
    description: `Endpoint that exchanges and renews the tokens of the Dynamic API v4. ${besideV3}`,
  }),
  v4_api_url: baseUrl.optional().meta({
    default: usual.api,
    address: true,
    called: true,
    description: `Host of the Dynamic API v4. ${besideV3}`,
  }),
});

/** Returns v4's address: Polar's own, or the same path at the host to which v3's was moved, as of a sandbox. */
const besideOf = (v3: string, usualV3: string, v4: string): string =>
  v3 === usualV3 ? v4 : new URL(new URL(v4).pathname, v3).href.replace(/\/+$/, "");

export const polarSettings = declared.transform(
  ({ v4_authorize_url, v4_token_url, v4_api_url, ...given }) => ({
    ...given,
    v4_authorize_url: v4_authorize_url ?? besideOf(given.authorize_url, usual.authorize, usual.v4Authorize),
    v4_token_url: v4_token_url ?? besideOf(given.token_url, usual.token, usual.v4Token),
    v4_api_url: v4_api_url ?? given.api_url,
  }),
);

export type PolarSettings = z.output<typeof polarSettings>;
