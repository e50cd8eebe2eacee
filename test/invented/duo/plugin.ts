/**
 * Duo: one consent for two APIs, of whose scopes the person may grant a part, and a second consent for a third; a
 * subscription for each person; and a resource whose keys are in another one's answer.
 */
import { z } from "zod";
import { SystoleError } from "../../../src/errors.ts";
import { baseUrl, pageUrl } from "../../../src/providers/kit/base-url.ts";
import { bearer, call } from "../../../src/providers/kit/call.ts";
import { decodeJson } from "../../../src/providers/kit/json-body.ts";
import { type OAuthDeclaration, oauthConsent } from "../../../src/providers/kit/oauth.ts";
import { sendAsBearer } from "../../../src/providers/kit/send-as-bearer.ts";
import { mapped } from "../../../src/providers/ledger.ts";
import {
  type Api,
  defineProvider,
  type Normalizer,
  type Notifications,
  type Part,
  type PersonSubscription,
  ProviderError,
  type Resource,
} from "../../../src/providers/provider.ts";
import { dailyFrom, daysResource, readBody } from "../days.ts";
import { nights, pastDays, today } from "../words.ts";

const settings = z.object({
  client_id: z.string().min(1),
  client_secret: z.string().min(1).meta({ secret: true }),
  authorize_url: pageUrl.default("https://duo.example/authorize"),
  token_url: baseUrl.default("https://duo.example/token"),
  api_url: baseUrl.default("https://api.duo.example"),
});
type Settings = z.output<typeof settings>;

/** Awaits a call. A failure with this status means that the thing to be ended has already ended. */
async function unless(status: number, called: Promise<unknown>): Promise<void> {
  try {
    await called;
  } catch (error) {
    if (!(error instanceof ProviderError) || error.details.status !== status) throw error;
  }
}

const consent = (declared: Pick<OAuthDeclaration<Settings>, "name" | "apis" | "scopes">) =>
  oauthConsent<Settings>({
    ...declared,
    provider: "duo",
    usesPkce: false,
    clientAuthentication: "body",
    addresses: ({ authorize_url, token_url }) => ({ authorize: authorize_url, token: token_url }),
    client: ({ client_id, client_secret }) => ({ id: client_id, secret: client_secret }),
    person: (reply) => String(reply.person),
    revoke: async ({ settings: { api_url }, http }, { accessToken }, signal) => {
      const authorization = bearer(accessToken);
      const asked = { method: "POST", url: `${api_url}/revoke`, authorization, signal } as const;
      await unless(401, call(http, { ...asked, credentials: "person" }));
    },
  });

const subscriber =
  (method: "PUT" | "DELETE"): PersonSubscription<Settings>["ensure"] =>
  async ({ settings: { api_url }, http }, { accessToken }, { url, signal }) => {
    const asked = {
      method,
      url: `${api_url}/subscriber`,
      authorization: bearer(accessToken),
      signal,
    } as const;
    await call(http, { ...asked, credentials: "person", json: { url } });
  };

const hint = z.object({ person: z.string().min(1).max(100), day: z.iso.date() });

/** Unsigned notifications. They say only where to look, and contain no data. */
const notifications: Notifications<Settings> = {
  maxBytes: 4 * 1024,
  verify: () => true,
  read(body) {
    try {
      const { person, day } = hint.parse(JSON.parse(body.toString("utf8")));
      const fetches = [{ resource: "past-days", key: `${day}..${day}` }];
      return [{ kind: "data", event: "DAY", providerUserId: person, fetches }];
    } catch (cause) {
      throw new SystoleError("NOTIFICATION_BODY_INVALID", { provider: "duo" }, { cause });
    }
  },
};

const daily = dailyFrom("past-days", "today", "night");
const climb = z.object({ day: z.iso.date(), floors: z.int() });

/** The floors of each day in the list of days. */
const climbs: Resource<z.output<typeof climb>> = {
  name: "climbs",
  api: "duo-past",
  scope: "past",
  discovery: null,
  ledger: {
    day: mapped("daily.metadata.start_time", "exact"),
    floors: mapped("daily.distance_data.floors_climbed", "exact"),
  },
  after: { resource: "past-days", refs: ({ key }) => [{ resource: "climbs", key }] },
  request(key) {
    if (z.iso.date().safeParse(key).success) return { method: "GET", path: `/climbs?day=${key}` };
    throw new SystoleError("NOTIFICATION_BODY_INVALID", { resource: "climbs", key });
  },
  decode: (body) => decodeJson("climbs", body),
  parts: (key, body) => [
    { resource: "climbs", key, value: readBody(climb, { resource: "climbs", key }, body) },
  ],
};

/** Makes a record of steps and floors. Floors without their day's steps make none. */
const withFloors: Normalizer = {
  ...daily,
  needs: [...daily.needs, "climbs"],
  affects: (part) =>
    part.resource === "climbs" ? [{ type: "daily", naturalKey: part.key }] : daily.affects(part),
  partsOf: (key) => [...daily.partsOf(key), { resource: "climbs", key }],
  normalize(parts, naturalKey) {
    const climbed = parts.find(({ resource }) => resource === "climbs") as
      | Part<z.output<typeof climb>>
      | undefined;
    const counted = parts.filter((part) => part !== climbed);
    const record = daily.normalize(counted, naturalKey) as { readonly distance_data: object } | null;
    if (record === null || climbed === undefined) return record;
    const distance_data = { ...record.distance_data, floors_climbed: climbed.value.floors };
    return { ...record, distance_data };
  },
};

const api = (folder: string): Api<Settings> => ({
  rateLimits: [{ name: "an hour", lengthMs: 3_600_000, callsOfClient: 1_000, callsPerUser: 10 }],
  limitedAs: ({ client_id }) => client_id,
  send: sendAsBearer(({ api_url }) => `${api_url}/${folder}`),
});

export const duo = defineProvider({
  name: "DUO",
  slug: "duo",
  displayName: "Duo",
  dataTypes: ["daily"],
  settings,
  connecting: {
    kind: "oauth",
    consents: [
      consent({
        name: "duo",
        apis: ["duo-past", "duo-today"],
        scopes: [
          { name: "past", label: pastDays, isRequired: true },
          { name: "today", label: today, isRequired: false },
        ],
      }),
      consent({
        name: "duo-night",
        apis: ["duo-night"],
        scopes: [{ name: "night", label: nights, isRequired: true }],
      }),
    ],
  },
  notifications,
  subscription: {
    kind: "person",
    ensure: subscriber("PUT"),
    remove: (...given) => unless(404, subscriber("DELETE")(...given)),
  },
  apis: { "duo-past": api("past"), "duo-today": api("today"), "duo-night": api("night") },
  resources: [
    daysResource({ name: "past-days", api: "duo-past", scope: "past" }),
    climbs,
    daysResource({ name: "today", api: "duo-today", scope: "today" }),
    daysResource({ name: "night", api: "duo-night", scope: "night" }),
  ],
  normalizers: [withFloors],
  mapperVersion: 1,
});
