/** Duo: one consent for two APIs, of whose scopes the person may grant a part. */
import { z } from "zod";
import { baseUrl, pageUrl } from "../../../src/providers/kit/base-url.ts";
import { bearer, call } from "../../../src/providers/kit/call.ts";
import { oauthConsent } from "../../../src/providers/kit/oauth.ts";
import { type Api, defineProvider } from "../../../src/providers/provider.ts";
import { dailyFrom, daysResource } from "../days.ts";

const settings = z.object({
  client_id: z.string().min(1),
  client_secret: z.string().min(1).meta({ secret: true }),
  authorize_url: pageUrl.default("https://duo.example/authorize"),
  token_url: baseUrl.default("https://duo.example/token"),
  api_url: baseUrl.default("https://api.duo.example"),
});
type Settings = z.output<typeof settings>;

const consent = oauthConsent<Settings>({
  provider: "duo",
  name: "duo",
  apis: ["duo-past", "duo-today"],
  scopes: [
    { name: "past", label: "What you did before", isRequired: true },
    { name: "today", label: "What you do today", isRequired: false },
  ],
  usesPkce: false,
  clientAuthentication: "body",
  addresses: ({ authorize_url, token_url }) => ({ authorize: authorize_url, token: token_url }),
  client: ({ client_id, client_secret }) => ({ id: client_id, secret: client_secret }),
  person: (reply) => String(reply.person),
});

const api = (folder: string): Api<Settings> => ({
  rateLimits: [{ name: "an hour", lengthMs: 3_600_000, callsOfClient: 1_000, callsPerUser: 10 }],
  limitedAs: ({ client_id }) => client_id,
  send: ({ settings: { api_url }, http }, { method, path }, { accessToken }, signal) => {
    const authorization = bearer(accessToken);
    const url = `${api_url}/${folder}${path}`;
    return call(http, { method, url, authorization, credentials: "person", signal });
  },
});

export const duo = defineProvider({
  name: "DUO",
  slug: "duo",
  displayName: "Duo",
  dataTypes: ["daily"],
  settings,
  connecting: { kind: "oauth", consents: [consent] },
  apis: { "duo-past": api("past"), "duo-today": api("today") },
  resources: [
    daysResource({ name: "past-days", api: "duo-past", scope: "past" }),
    daysResource({ name: "today", api: "duo-today", scope: "today" }),
  ],
  normalizers: [dailyFrom("past-days", "today")],
  mapperVersion: 1,
});
