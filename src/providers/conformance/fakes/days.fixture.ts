/** Days with steps, the only data of the fake providers, and the access that all of them share. */
import { z } from "zod";
import { SystoleError } from "../../../errors.ts";
import { complete } from "../../../models/index.ts";
import { baseUrl } from "../../kit/base-url.ts";
import { bearer, call } from "../../kit/call.ts";
import type { FailureRules } from "../../kit/failure.ts";
import { oauthConsent } from "../../kit/oauth.ts";
import { ignored, mapped } from "../../ledger.ts";
import {
  type Api,
  type Discovery,
  type Normalizer,
  type OAuthConsent,
  type Part,
  ProviderError,
  type Resource,
} from "../../provider.ts";

const isDay = (key: string) => /^2025-05-\d\d$/.test(key);
const dayBody = z.looseObject({ day: z.string(), steps: z.number() });

export const dayDiscovery: Discovery = {
  announced: true,
  reachDays: 28,
  daysPerCall: 1,
  key: (from) => from,
  index: null,
};

export const dayResource: Resource = {
  name: "day",
  api: "fake-v1",
  ledger: {
    day: mapped("daily.metadata.start_time", "key"),
    steps: mapped("daily.distance_data.steps", "exact"),
    list: ignored("it is always empty"),
  },
  discovery: dayDiscovery,
  decode: (body: Buffer) => JSON.parse(body.toString()),
  request(key) {
    if (!isDay(key)) throw new SystoleError("NOTIFICATION_BODY_INVALID", { key });
    return { method: "GET", path: `/days/${key}` };
  },
  parts(key, body) {
    const { data, error } = dayBody.safeParse(body);
    if (error === undefined) return [{ resource: "day", key: data.day, value: data }];
    throw new ProviderError("PROVIDER_BODY_INVALID", "later", { resource: "day", key, issues: error.issues });
  },
};

export function normalizeDay(parts: readonly Part[]) {
  const [part] = parts;
  if (!part) return null;
  const { day, steps } = part.value as z.output<typeof dayBody>;
  return complete("daily", {
    metadata: { start_time: `${day}T00:00:00.000000`, end_time: `${day}T00:00:00.000000`, upload_type: 1 },
    distance_data: { steps },
  });
}

export const dayNormalizer: Normalizer = {
  type: "daily",
  needs: ["day"],
  affects: ({ resource, key }) => (resource === "day" ? [{ type: "daily", naturalKey: key }] : []),
  partsOf: (key) => [{ resource: "day", key }],
  normalize: normalizeDay,
};

export const dayBodies = [
  { ref: { resource: "day", key: "2025-05-11" }, body: { day: "2025-05-11", steps: 3, list: [] } },
];

export const settings = z.object({
  secret: z.string().meta({ secret: true }),
  url: baseUrl.default("https://api.provider.example"),
});
export type Settings = z.output<typeof settings>;

/** An API that calls through the kit with the person's token. */
export const apiWith = (rules: FailureRules = {}): Api<unknown> => ({
  rateLimits: [],
  limitedAs: (given) => (given as Settings).url,
  send: ({ settings: given, http }, { method, path, body, accept }, { accessToken }, signal) => {
    const url = (given as Settings).url + path;
    return call(
      http,
      { method, url, body, accept, authorization: bearer(accessToken), credentials: "person", signal },
      rules,
    );
  },
});

export const consentWith = (
  usesPkce: boolean,
  clientAuthentication: "basic" | "body",
): OAuthConsent<unknown> =>
  oauthConsent<unknown>({
    provider: "fake",
    name: "fake",
    apis: ["fake-v1"],
    scopes: [{ name: "days", label: "Your days", isRequired: true }],
    usesPkce,
    clientAuthentication,
    addresses: () => ({
      authorize: "https://provider.example/authorize",
      token: "https://api.provider.example/token",
    }),
    client: (given) => ({ id: "client", secret: (given as Settings).secret }),
    person: (reply) => String(reply.person),
  });

/** A token reply of RFC 6749. */
export const tokenReply = (tokens: {
  readonly accessToken: string;
  readonly refreshToken: string | null;
  readonly expiresInSeconds: number | null;
  readonly scopes: readonly string[] | null;
}) => ({
  status: 200,
  body: {
    access_token: tokens.accessToken,
    token_type: "bearer",
    person: "1",
    ...(tokens.refreshToken !== null && { refresh_token: tokens.refreshToken }),
    ...(tokens.expiresInSeconds !== null && { expires_in: tokens.expiresInSeconds }),
    ...(tokens.scopes !== null && { scope: tokens.scopes.join(" ") }),
  },
});
export const refusedGrant = { status: 400, body: { error: "invalid_grant" } };
