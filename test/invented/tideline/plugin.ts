/**
 * Tideline: OAuth with PKCE, refresh tokens that work once, answers in pages, limits for each person, and a
 * subscription for each event, which expires after a week.
 */
import { z } from "zod";
import { SystoleError } from "../../../src/errors.ts";
import { baseUrl, pageUrl } from "../../../src/providers/kit/base-url.ts";
import { basic, call, jsonOf } from "../../../src/providers/kit/call.ts";
import { header } from "../../../src/providers/kit/failure.ts";
import { isSignedBy } from "../../../src/providers/kit/hmac.ts";
import { oauthConsent } from "../../../src/providers/kit/oauth.ts";
import { sendAsBearer } from "../../../src/providers/kit/send-as-bearer.ts";
import {
  defineProvider,
  type EventSubscriptions,
  type Notifications,
  type ProviderRequest,
  type ProviderResponse,
} from "../../../src/providers/provider.ts";
import { dailyFrom, daysResource } from "../days.ts";
import { yourDays } from "../words.ts";

const settings = z.object({
  client_id: z.string().min(1),
  client_secret: z.string().min(1).meta({ secret: true }),
  authorize_url: pageUrl.default("https://tideline.example/authorize"),
  token_url: baseUrl.default("https://tideline.example/token"),
  api_url: baseUrl.default("https://api.tideline.example"),
});
type Settings = z.output<typeof settings>;

const consent = oauthConsent<Settings>({
  provider: "tideline",
  name: "tideline",
  apis: ["tideline-v1"],
  scopes: [{ name: "days", label: yourDays, isRequired: true }],
  usesPkce: true,
  clientAuthentication: "basic",
  addresses: ({ authorize_url, token_url }) => ({ authorize: authorize_url, token: token_url }),
  client: ({ client_id, client_secret }) => ({ id: client_id, secret: client_secret }),
  person: (reply) => String(reply.person),
});

const pageSchema = z.object({ next: z.string().nullish() });

/**
 * Returns the request for the next page. Answers have the form `{"days": […], "next": "cursor"}`; a page may be empty
 * and still have a cursor.
 */
function nextPage(request: ProviderRequest, { body }: ProviderResponse): ProviderRequest | null {
  const { next } = pageSchema.parse(JSON.parse(body.toString("utf8")));
  if (!next) return null;
  const url = new URL(request.path, "https://tideline.example");
  url.searchParams.set("cursor", next);
  return { ...request, path: url.pathname + url.search };
}

const events: readonly string[] = ["DAY_CREATED", "DAY_CHANGED"];
const announced = z.object({ event: z.string().min(1).max(100) });
const message = z.object({ person: z.string().min(1).max(100), day: z.iso.date() });

const notifications: Notifications<Settings> = {
  maxBytes: 64 * 1024,
  verify({ headers, body }, { secrets }) {
    const signature = header(headers, "tideline-signature");
    return isSignedBy({ message: body, signature, encoding: "hex" }, secrets);
  },
  read(body) {
    try {
      const given: unknown = JSON.parse(body.toString("utf8"));
      const { event } = announced.parse(given);
      if (!events.includes(event)) return [{ kind: "unknown", event }];
      const { person, day } = message.parse(given);
      const fetches = [{ resource: "days", key: `${day}..${day}` }];
      return [{ kind: "data", event, providerUserId: person, fetches }];
    } catch (cause) {
      throw new SystoleError("NOTIFICATION_BODY_INVALID", { provider: "tideline" }, { cause });
    }
  },
};

const subscribed = z.object({
  id: z.string().min(1),
  secret: z.string().min(1).nullable(),
  ends: z.coerce.date(),
});

const subscription: EventSubscriptions<Settings> = {
  kind: "events",
  events,
  renewBeforeMs: 24 * 3_600_000,
  async ensure({ settings: { api_url, client_id, client_secret }, http }, event, { url, known, signal }) {
    const answer = await call(http, {
      method: "PUT",
      url: `${api_url}/subscriptions/${event}`,
      authorization: basic(client_id, client_secret),
      credentials: "client",
      json: { url, known },
      signal,
    });
    const { id, secret, ends } = jsonOf(answer, subscribed, "/subscriptions");
    return { remoteId: id, secret, expiresAt: ends, action: secret === null ? "updated" : "created" };
  },
};

export const tideline = defineProvider({
  name: "TIDELINE_WATCH",
  slug: "tideline",
  displayName: "Tideline",
  dataTypes: ["daily"],
  settings,
  connecting: { kind: "oauth", consents: [consent] },
  notifications,
  subscription,
  apis: {
    "tideline-v1": {
      rateLimits: [],
      personRateLimits: [{ name: "a minute", lengthMs: 60_000, calls: 100 }],
      limitedAs: ({ client_id }) => client_id,
      send: sendAsBearer(({ api_url }) => api_url),
    },
  },
  resources: [daysResource({ api: "tideline-v1", scope: "days", nextPage })],
  normalizers: [dailyFrom("days")],
  mapperVersion: 1,
});
