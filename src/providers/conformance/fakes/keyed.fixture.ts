/**
 * A correct provider: the person pastes a key; messages are signed with a private key whose public key is fetched; each
 * person has a subscription; an index of days is cheaper than the days.
 */
import { createHash, generateKeyPairSync, sign } from "node:crypto";
import { z } from "zod";
import { baseUrl } from "../../kit/base-url.ts";
import { bearer, call, jsonOf } from "../../kit/call.ts";
import { isSignedByKey, p256Key } from "../../kit/public-keys.ts";
import {
  defineProvider,
  type Grant,
  type KeyConnecting,
  type Notifications,
  type PersonSubscription,
  type Provider,
  ProviderError,
  type Resource,
} from "../../provider.ts";
import type { ProviderSubject } from "../cases.ts";
import { announcements } from "./announcing.fixture.ts";
import { apiWith, dayBodies, dayDiscovery, dayNormalizer, dayResource } from "./days.fixture.ts";

const settings = z.object({ url: baseUrl.default("https://api.provider.example") });
type Settings = z.output<typeof settings>;
const urlOf = (given: unknown) => (given as Settings).url;

const tokenAnswer = z.object({ token: z.string(), seconds: z.number().optional(), person: z.string() });

export const pasting: KeyConnecting<unknown> = {
  kind: "key",
  apis: ["fake-v1"],
  instructions: { url: "https://provider.example/keys", steps: ["Log in.", "Make a key."] },
  hasEndDate: true,
  async exchange({ settings: given, http }, { key, endsAt }, signal): Promise<Grant> {
    const requestedAt = Date.now();
    const asked = { method: "POST", url: `${urlOf(given)}/token`, signal } as const;
    const answer = await call(http, { ...asked, authorization: `Key ${key}`, credentials: "person" });
    const { token, seconds, person } = jsonOf(answer, tokenAnswer, "/token");
    return {
      consent: "key",
      accessToken: token,
      expiresAt: seconds === undefined ? null : new Date(requestedAt + seconds * 1_000),
      renewal: { kind: "key", key, endsAt },
      providerUserId: person,
      scopes: [],
    };
  },
};

const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "prime256v1" });
const { x, y } = z.object({ x: z.string(), y: z.string() }).parse(publicKey.export({ format: "jwk" }));
const publishedKey = z.object({ x: z.string(), y: z.string() });

export const publiclySigned: Notifications<unknown> = {
  ...announcements,
  async verify({ headers, body }, { settings: given, http }) {
    const asked = {
      method: "GET",
      url: `${urlOf(given)}/keys`,
      authorization: "",
      signal: AbortSignal.timeout(9_000),
    };
    const answer = await call(http, { ...asked, method: "GET", credentials: "client" });
    const published = jsonOf(answer, publishedKey, "/keys");
    const key = p256Key(Buffer.from(published.x, "base64url"), Buffer.from(published.y, "base64url"));
    return isSignedByKey(body, Buffer.from(String(headers.signature ?? ""), "base64"), key);
  },
};

const subscriber =
  (method: "PUT" | "DELETE", fine: number | null): PersonSubscription<unknown>["ensure"] =>
  async ({ settings: given, http }, { accessToken }, { signal, url: where }) => {
    const asked = { method, url: `${urlOf(given)}/subscriber`, authorization: bearer(accessToken), signal };
    try {
      await call(http, { ...asked, credentials: "person", json: { where } });
    } catch (error) {
      if (!(error instanceof ProviderError) || error.details.status !== fine) throw error;
    }
  };

export const oneForEachPerson: PersonSubscription<unknown> = {
  kind: "person",
  ensure: subscriber("PUT", null),
  remove: subscriber("DELETE", 404),
};

function subscriberServer() {
  let isThere = false;
  return ({ method }: { readonly method: string }) => {
    const was = isThere;
    isThere = method === "PUT";
    return { status: method === "DELETE" && !was ? 404 : 204 };
  };
}

const printOf = (value: unknown) => createHash("sha256").update(JSON.stringify(value)).digest("hex");
const indexBody = z.object({ prints: z.record(z.string(), z.string()) });

export const dayIndex: Resource = {
  ...dayResource,
  name: "index",
  ledger: {},
  discovery: null,
  parts(key, body) {
    const { error } = indexBody.safeParse(body);
    if (error === undefined) return [{ resource: "index", key, value: {} }];
    throw new ProviderError("PROVIDER_BODY_INVALID", "later", { resource: "index", issues: error.issues });
  },
  entries: (body) =>
    Object.entries(indexBody.parse(body).prints).map(([key, fingerprint]) => ({
      resource: "day",
      key,
      fingerprint,
    })),
};

export const listedDay: Resource = {
  ...dayResource,
  discovery: { ...dayDiscovery, index: { resource: "index", key: "2025-05-01" } },
  fingerprint: ({ value }) => printOf(value),
};

const provider = defineProvider({
  name: "FAKE",
  slug: "fake",
  displayName: "Fake",
  dataTypes: ["daily"],
  settings,
  connecting: pasting,
  notifications: publiclySigned,
  subscription: oneForEachPerson,
  apis: { "fake-v1": apiWith() },
  resources: [listedDay, dayIndex],
  normalizers: [dayNormalizer],
  mapperVersion: 1,
}) as Provider;

export const keyed: ProviderSubject = {
  provider,
  providerUserId: "1",
  environment: {},
  bodies: [
    ...dayBodies,
    ...dayBodies.map(({ ref, body }) => ({
      ref: { resource: "index", key: "2025-05-01" },
      body: { prints: { [ref.key]: printOf(body) } },
    })),
  ],
  key: {
    issue: ({ accessToken: token, expiresInSeconds: seconds, refreshToken, scopes }) =>
      refreshToken === null && scopes === null
        ? [{ status: 200, body: { token, person: "1", ...(seconds !== null && { seconds }) } }]
        : null,
    refusal: { status: 401 },
  },
  notifications: {
    data: ['{"is":"day"}'],
    unknown: '{"is":"moon"}',
    invalid: [],
    signing: {
      by: "public-key",
      coversBody: true,
      coversTime: false,
      headers: (body) => ({ signature: sign("sha256", body, privateKey).toString("base64") }),
      publishedKeys: { status: 200, body: { x, y } },
    },
  },
  subscriptionServer: subscriberServer,
};
