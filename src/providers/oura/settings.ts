import { z } from "zod";
import { baseUrl, pageUrl } from "../kit/base-url.ts";

/** Credentials of an application made at cloud.ouraring.com/oauth/applications, and Oura's addresses. */
export const settings = z.object({
  client_id: z.string().min(1).describe("Client id of your Oura API application."),
  client_secret: z
    .string()
    .min(1)
    .meta({ secret: true })
    .describe("Its client secret. It also signs Oura's notifications."),
  authorize_url: pageUrl
    .default("https://cloud.ouraring.com/oauth/authorize")
    .describe("Page where the person gives access."),
  token_url: baseUrl
    .default("https://api.ouraring.com/oauth/token")
    .describe("Endpoint that exchanges codes and refresh tokens; `revoke` beside it ends a permission."),
  api_url: baseUrl.default("https://api.ouraring.com").describe("Host of Oura's API."),
});

export type OuraSettings = z.output<typeof settings>;
