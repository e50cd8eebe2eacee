/**
 * Estuary: its webhook pushes days, signed with a public key that is fetched. What belongs to a day is fetched with POST,
 * in pages with their cursor in a header. A subscription for each person; HEAD and POST test our address.
 */
import { z } from "zod";
import { SystoleError } from "../../../src/errors.ts";
import { complete } from "../../../src/models/index.ts";
import { baseUrl, pageUrl } from "../../../src/providers/kit/base-url.ts";
import { bearer, call, jsonOf } from "../../../src/providers/kit/call.ts";
import { declareResource } from "../../../src/providers/kit/declare-resource.ts";
import { header } from "../../../src/providers/kit/failure.ts";
import { date, integer } from "../../../src/providers/kit/fields.ts";
import { decodeJson } from "../../../src/providers/kit/json-body.ts";
import { oauthConsent } from "../../../src/providers/kit/oauth.ts";
import { isSignedByKey, KeyCache, p256Key } from "../../../src/providers/kit/public-keys.ts";
import { sendAsBearer } from "../../../src/providers/kit/send-as-bearer.ts";
import { mapped } from "../../../src/providers/ledger.ts";
import {
  type Api,
  defineProvider,
  type Normalizer,
  type Notifications,
  type PersonSubscription,
  ProviderError,
  type Resource,
} from "../../../src/providers/provider.ts";
import { readBody } from "../days.ts";

const settings = z.object({
  client_id: z.string().min(1),
  client_secret: z.string().min(1).meta({ secret: true }),
  authorize_url: pageUrl.default("https://estuary.example/authorize"),
  token_url: baseUrl.default("https://estuary.example/token"),
  api_url: baseUrl.default("https://api.estuary.example"),
});
type Settings = z.output<typeof settings>;

const consent = oauthConsent<Settings>({
  provider: "estuary",
  name: "estuary",
  apis: ["estuary-v1"],
  usesPkce: true,
  clientAuthentication: "basic",
  scopes: [
    { name: "days", label: "Your days", isRequired: true },
    { name: "tides", label: "Your tides", isRequired: false },
  ],
  addresses: ({ authorize_url, token_url }) => ({ authorize: authorize_url, token: token_url }),
  client: ({ client_id, client_secret }) => ({ id: client_id, secret: client_secret }),
  person: (reply) => String(reply.person),
  revoke: async ({ settings: { api_url }, http }, { accessToken }, signal) => {
    try {
      await call(http, {
        method: "POST",
        url: `${api_url}/revoke`,
        authorization: bearer(accessToken),
        credentials: "person",
        signal,
      });
    } catch (error) {
      // The permission has ended already.
      if (!(error instanceof ProviderError) || error.details.status !== 401) throw error;
    }
  },
});

const keySet = z.object({ keys: z.array(z.object({ id: z.string(), x: z.string(), y: z.string() })) });
const cache = new KeyCache({ freshMs: 60_000, staleMs: 600_000, pauseMs: 5_000 });

const message = z.object({
  event: z.string().min(1).max(100),
  person: z.string().min(1).max(100),
  day: date.optional(),
  steps: z.int().optional(),
  scopes: z.array(z.string()).optional(),
});

const notifications: Notifications<Settings> = {
  maxBytes: 1024 * 1024,
  async verify({ headers, body }, { settings: { api_url }, http }) {
    const [id = "", signature = ""] = (header(headers, "estuary-signature") ?? "").split(":");
    const key = await cache.find({ address: api_url, id }, async () => {
      const answer = await call(http, {
        method: "GET",
        url: `${api_url}/keys`,
        authorization: "none",
        credentials: "client",
        signal: AbortSignal.timeout(5_000),
      });
      return new Map(
        jsonOf(answer, keySet, "/keys").keys.map(({ id: one, x, y }) => [
          one,
          p256Key(Buffer.from(x, "base64url"), Buffer.from(y, "base64url")),
        ]),
      );
    });
    return key !== null && isSignedByKey(body, Buffer.from(signature, "base64"), key);
  },
  read(body) {
    try {
      const {
        event,
        person,
        day = "",
        steps,
        scopes = [],
      } = message.parse(JSON.parse(body.toString("utf8")));
      const about = { event, providerUserId: person };
      if (event === "DAY")
        return [{ ...about, kind: "pushed", bodies: [{ resource: "days", key: day, body: { day, steps } }] }];
      if (event === "GONE") return [{ ...about, kind: "deleted", parts: [{ resource: "days", key: day }] }];
      if (event === "SCOPES") return [{ ...about, kind: "scopes-changed", scopes }];
      if (event === "LEFT") return [{ ...about, kind: "permission-ended" }];
      return [{ kind: "unknown", event }];
    } catch (cause) {
      throw new SystoleError("NOTIFICATION_BODY_INVALID", { provider: "estuary" }, { cause });
    }
  },
  handshake({ method, query }) {
    if (method === "HEAD") return { status: 204 };
    const hello = query.get("hello");
    return method === "POST" && hello !== null
      ? { status: 200, contentType: "text/plain", body: hello }
      : null;
  },
};

const subscription: PersonSubscription<Settings> = {
  kind: "person",
  async ensure({ settings: { api_url }, http }, { accessToken }, { url, signal }) {
    await call(http, {
      method: "PUT",
      url: `${api_url}/subscriber`,
      authorization: bearer(accessToken),
      credentials: "person",
      json: { url },
      signal,
    });
  },
  async remove({ settings: { api_url }, http }, { accessToken }, { url, signal }) {
    await call(http, {
      method: "DELETE",
      url: `${api_url}/subscriber`,
      authorization: bearer(accessToken),
      credentials: "person",
      json: { url },
      signal,
    });
  },
};

const dayOf = z.looseObject({ day: date, steps: integer });
/** Days are only pushed. */
const days: Resource<z.output<typeof dayOf>> = {
  name: "days",
  discovery: null,
  ledger: {
    day: mapped("daily.metadata.start_time", "exact"),
    steps: mapped("daily.distance_data.steps", "exact"),
  },
  decode: (body) => decodeJson("days", body),
  parts: (key, body) => {
    const value = readBody(dayOf, { resource: "days", key }, body);
    return [{ resource: "days", key: value.day, value }];
  },
  timeOf: ({ key }) => key,
};

const tide = z.looseObject({ id: z.string(), floors: integer, day: date });
const tides = declareResource({
  name: "tides",
  api: "estuary-v1",
  scope: "tides",
  schema: tide,
  envelope: "tides",
  discovery: null,
  ledger: {
    id: mapped("daily.metadata.start_time", "key"),
    floors: mapped("daily.distance_data.floors_climbed", "derived: sum of the tides"),
    day: mapped("daily.metadata.start_time", "exact"),
  },
  after: { resource: "days", refs: ({ key }) => [{ resource: "tides", key }] },
  request: (key) =>
    z.iso.date().safeParse(key).success
      ? {
          method: "POST",
          path: "/tides",
          body: { contentType: "application/json", text: JSON.stringify({ day: key }) },
        }
      : null,
  nextPage: (request, { next }) =>
    next
      ? {
          ...request,
          body: {
            contentType: "application/json",
            text: JSON.stringify({ ...JSON.parse(request.body?.text ?? "{}"), cursor: next }),
          },
        }
      : null,
  keys: ({ day, id }) => [`${day} ${id}`],
});

const daily: Normalizer = {
  type: "daily",
  needs: ["days", "tides"],
  affects: ({ resource, key }) =>
    resource === "days" || resource === "tides" ? [{ type: "daily", naturalKey: key.slice(0, 10) }] : [],
  partsOf: (key) => [
    { resource: "days", key },
    { resource: "tides", key: `${key} `, prefix: true },
  ],
  normalize(parts) {
    const head = parts.find(({ resource }) => resource === "days")?.value as
      | z.output<typeof dayOf>
      | undefined;
    if (head === undefined) return null;
    const floors = parts
      .filter(({ resource }) => resource === "tides")
      .map(({ value }) => (value as z.output<typeof tide>).floors ?? 0);
    return complete("daily", {
      metadata: {
        start_time: `${head.day}T00:00:00.000000`,
        end_time: `${head.day}T23:59:59.000000`,
        upload_type: 1,
      },
      distance_data: {
        steps: head.steps ?? null,
        floors_climbed: floors.length === 0 ? null : floors.reduce((sum, one) => sum + one, 0),
      },
    });
  },
};

const api: Api<Settings> = {
  rateLimits: [],
  personRateLimits: [{ name: "a minute", lengthMs: 60_000, calls: 1_000 }],
  limitedAs: ({ client_id }) => client_id,
  send: sendAsBearer(({ api_url }) => api_url, {
    next: (headers) => header(headers, "estuary-next") ?? null,
  }),
};

export const estuary = defineProvider({
  name: "ESTUARY",
  slug: "estuary",
  displayName: "Estuary",
  dataTypes: ["daily"],
  settings,
  connecting: { kind: "oauth", consents: [consent] },
  notifications,
  subscription,
  apis: { "estuary-v1": api },
  resources: [days, tides],
  normalizers: [daily],
  mapperVersion: 1,
});
