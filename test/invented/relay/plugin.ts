/** Relay: the data comes in the webhook itself, signed with the client's secret over timestamp and body. */
import { z } from "zod";
import { SystoleError } from "../../../src/errors.ts";
import { baseUrl, pageUrl } from "../../../src/providers/kit/base-url.ts";
import { header } from "../../../src/providers/kit/failure.ts";
import { isSignedBy } from "../../../src/providers/kit/hmac.ts";
import { oauthConsent } from "../../../src/providers/kit/oauth.ts";
import { sendAsBearer } from "../../../src/providers/kit/send-as-bearer.ts";
import { isWithinWindow } from "../../../src/providers/kit/signed-time.ts";
import {
  defineProvider,
  type NotificationMeaning,
  type Notifications,
} from "../../../src/providers/provider.ts";
import { dailyFrom, daySchema, daysResource } from "../days.ts";
import { daysBefore, yourDays } from "../words.ts";

const settings = z.object({
  client_id: z.string().min(1),
  client_secret: z.string().min(1).meta({ secret: true }),
  authorize_url: pageUrl.default("https://relay.example/authorize"),
  token_url: baseUrl.default("https://relay.example/token"),
  api_url: baseUrl.default("https://api.relay.example"),
});
type Settings = z.output<typeof settings>;

const consent = oauthConsent<Settings>({
  provider: "relay",
  name: "relay",
  apis: ["relay-v1"],
  scopes: [
    { name: "days", label: yourDays, isRequired: true },
    { name: "history", label: daysBefore, isRequired: false },
  ],
  usesPkce: false,
  clientAuthentication: "body",
  addresses: ({ authorize_url, token_url }) => ({ authorize: authorize_url, token: token_url }),
  client: ({ client_id, client_secret }) => ({ id: client_id, secret: client_secret }),
  person: (reply) => String(reply.person),
});

const person = z.string().min(1).max(100);
const message = z.discriminatedUnion("event", [
  z.object({ event: z.literal("DAY"), person, day: daySchema }),
  z.object({ event: z.literal("DAY_DELETED"), person, day: z.iso.date() }),
  z.object({ event: z.literal("SCOPES"), person, scopes: z.array(z.string()) }),
  z.object({ event: z.literal("LEFT"), person }),
]);
const known = new Set(message.options.map(({ shape }) => shape.event.value));
const envelope = z.object({ messages: z.array(z.looseObject({ event: z.string().min(1).max(100) })).min(1) });

function meaningOf(given: { readonly event: string }): NotificationMeaning {
  const { event } = given;
  if (!known.has(event as "DAY")) return { kind: "unknown", event };
  const read = message.parse(given);
  const about = { event, providerUserId: read.person };
  switch (read.event) {
    case "DAY":
      return {
        ...about,
        kind: "pushed",
        bodies: [{ resource: "days", key: read.day.day, body: { days: [read.day] } }],
      };
    case "DAY_DELETED":
      return { ...about, kind: "deleted", parts: [{ resource: "days", key: read.day }] };
    case "SCOPES":
      return { ...about, kind: "scopes-changed", scopes: read.scopes };
    case "LEFT":
      return { ...about, kind: "permission-ended" };
  }
}

/** An older signed body may be a recording that somebody sends again. */
const freshness = { unit: "seconds", withinMs: 5 * 60_000 } as const;

const notifications: Notifications<Settings> = {
  maxBytes: 1024 * 1024,
  verify({ headers, body }, { settings: { client_secret } }) {
    const timestamp = header(headers, "relay-timestamp") ?? "";
    const signature = header(headers, "relay-signature");
    const message = Buffer.concat([Buffer.from(timestamp), body]);
    const isSigned = isSignedBy({ message, signature, encoding: "base64" }, [client_secret]);
    return isSigned && isWithinWindow(timestamp, freshness);
  },
  read(body) {
    try {
      return envelope.parse(JSON.parse(body.toString("utf8"))).messages.map(meaningOf);
    } catch (cause) {
      throw new SystoleError("NOTIFICATION_BODY_INVALID", { provider: "relay" }, { cause });
    }
  },
  handshake({ method, query, headers }, { settings: { client_id } }) {
    const challenge = query.get("challenge");
    if (method !== "GET" || challenge === null) return null;
    if (header(headers, "relay-client") !== client_id) return { status: 401 };
    return { status: 200, contentType: "application/json", body: JSON.stringify({ challenge }) };
  },
  acknowledgement: { status: 202, contentType: "text/plain", body: "thanks" },
};

export const relay = defineProvider({
  name: "RELAY",
  slug: "relay",
  displayName: "Relay",
  dataTypes: ["daily"],
  settings,
  connecting: { kind: "oauth", consents: [consent] },
  notifications,
  subscription: {
    kind: "manual",
    steps: (url) => ["Open relay.example/webhooks.", `Enter ${url} as the address.`],
  },
  apis: {
    "relay-v1": {
      rateLimits: [],
      limitedAs: ({ client_id }) => client_id,
      send: sendAsBearer(({ api_url }) => api_url),
    },
  },
  resources: [
    daysResource({ api: "relay-v1", discovery: null }),
    daysResource({ name: "history", api: "relay-v1", scope: "history" }),
  ],
  normalizers: [dailyFrom("days", "history")],
  mapperVersion: 1,
});
