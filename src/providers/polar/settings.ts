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
