/** Proof that every conformance case can fail: a sound provider passes, one that breaks the rule does not. */
import { createHmac, timingSafeEqual } from "node:crypto";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { SystoleError } from "../errors.ts";
import { complete } from "../models/index.ts";
import { type ProviderSubject, providerCases } from "./conformance.ts";
import { baseUrl } from "./kit/base-url.ts";
import { ignored, mapped } from "./ledger.ts";
import {
  type Discovery,
  defineProvider,
  type Normalizer,
  type Notifications,
  type OAuthConsent,
  type Part,
  type Provider,
  ProviderError,
  type Resource,
} from "./provider.ts";

const isDay = (key: string) => /^2025-05-\d\d$/.test(key);
const stepsOf = z.looseObject({ day: z.string(), steps: z.number() });

function refuse(code: "NOTIFICATION_BODY_INVALID", details: object): never {
  throw new SystoleError(code, { ...details });
}

const dayDiscovery: Discovery = {
  announced: true,
  reachDays: 28,
  daysPerCall: 1,
  key: (from) => from,
  index: null,
};

const soundResource: Resource = {
  name: "day",
  api: "fake-v1",
  ledger: {
    day: mapped("daily.metadata.start_time", "key"),
    steps: mapped("daily.distance_data.steps", "exact"),
    list: ignored("it is always empty"),
  },
  discovery: dayDiscovery,
  decode: (body: Buffer) => JSON.parse(body.toString()),
  request: (key) =>
    isDay(key) ? { method: "GET", path: `/days/${key}` } : refuse("NOTIFICATION_BODY_INVALID", { key }),
  parts(key, body) {
    const { data, error } = stepsOf.safeParse(body);
    if (error)
      throw new ProviderError("PROVIDER_BODY_INVALID", "later", {
        resource: "day",
        key,
        issues: error.issues,
      });
    return [{ resource: "day", key: data.day, value: data }];
  },
};

function normalizeDay(parts: readonly Part[]) {
  const [part] = parts;
  if (!part) return null;
  const { day, steps } = part.value as z.output<typeof stepsOf>;
  return complete("daily", {
    metadata: { start_time: `${day}T00:00:00.000000`, end_time: `${day}T00:00:00.000000`, upload_type: 1 },
    distance_data: { steps },
  });
}

const soundNormalizer: Normalizer = {
  type: "daily",
  affects: ({ key }) => [{ type: "daily", naturalKey: key }],
  partsOf: (key) => [{ resource: "day", key }],
  normalize: normalizeDay,
};

const digest = (body: Buffer, secret: string) => createHmac("sha256", secret).update(body).digest();
const signatureOf = (value: unknown) => Buffer.from(String(value ?? ""), "hex");
const fits = (given: Buffer, expected: Buffer) =>
  given.length === expected.length && timingSafeEqual(given, expected);

const soundNotifications: Notifications<unknown> = {
  maxBytes: 1024,
  verify: ({ headers, body }, { secrets }) =>
    secrets.map((secret) => fits(signatureOf(headers.signature), digest(body, secret))).includes(true),
  read(body) {
    const parsed = z.object({ is: z.string() }).safeParse(readJson(body));
    if (!parsed.success) return refuse("NOTIFICATION_BODY_INVALID", {});
    const { is } = parsed.data;
    if (is === "ping") return [{ kind: "ping" }];
    if (is !== "day") return [{ kind: "unknown", event: is }];
    const fetches = [{ resource: "day", key: "2025-05-11" }];
    return [{ kind: "data", event: is, providerUserId: "1", fetches }];
  },
};

function readJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString());
  } catch {
    return undefined;
  }
}

const nothing = () => Promise.reject(new Error("not used"));
const soundConsent: OAuthConsent<unknown> = {
  name: "fake-v1",
  apis: ["fake-v1"],
  scopes: [{ name: "days", label: "Your days", isRequired: true }],
  begin: (_access, { redirectUri, state, scopes }) => ({
    url: `https://provider.example/authorize?${new URLSearchParams({ redirect_uri: redirectUri, state, scope: scopes.join(" ") })}`,
    codeVerifier: null,
  }),
  exchange: nothing,
};

const sound: Provider = defineProvider({
  name: "FAKE",
  slug: "fake",
  displayName: "Fake",
  dataTypes: ["daily"],
  settings: z.object({
    secret: z.string().meta({ secret: true }),
    url: baseUrl.default("https://api.provider.example"),
  }),
  connecting: { kind: "oauth", consents: [soundConsent] },
  notifications: soundNotifications,
  apis: { "fake-v1": { rateLimits: [], limitedAs: ({ secret }) => secret, send: nothing } },
  resources: [soundResource],
  normalizers: [soundNormalizer],
  mapperVersion: 1,
}) as Provider;

function subjectOf(provider: Provider): ProviderSubject {
  return {
    provider,
    providerUserId: "1",
    environment: { FAKE_SECRET: "x" },
    bodies: [
      { ref: { resource: "day", key: "2025-05-11" }, body: { day: "2025-05-11", steps: 3, list: [] } },
    ],
    notifications: {
      ping: '{"is":"ping"}',
      data: ['{"is":"day"}'],
      unknown: '{"is":"moon"}',
      invalid: ['{"was":1}'],
      sign: (body, secret) => ({ signature: digest(body, secret).toString("hex") }),
    },
  };
}

const resource = (change: Partial<Resource>) => ({ resources: [{ ...soundResource, ...change }] });
const normalizer = (change: Partial<Normalizer>) => ({ normalizers: [{ ...soundNormalizer, ...change }] });
const notifications = (change: Partial<Notifications<unknown>>) => ({
  notifications: { ...soundNotifications, ...change },
});

const consent = (change: Partial<OAuthConsent<unknown>>): Partial<Provider> => ({
  connecting: { kind: "oauth", consents: [{ ...soundConsent, ...change }] },
});

const firstOnly: Notifications<unknown>["verify"] = ({ headers, body }, { secrets: [secret = ""] }) =>
  fits(signatureOf(headers.signature), digest(body, secret));
const leaky: Notifications<unknown>["verify"] = ({ headers, body }, { secrets }) =>
  secrets.some((secret) => digest(body, secret).toString("hex") === headers.signature);
const changing: Normalizer["normalize"] = (parts) => {
  const value = parts[0]?.value as { list: unknown[] } | undefined;
  value?.list.push(1);
  return normalizeDay(parts);
};
const clocked: Normalizer["normalize"] = (parts) => {
  const made = normalizeDay(parts);
  return made && { ...made, year: new Date().getFullYear() };
};

/** A field of its own making, which nothing replaces: the day, which is everybody's. */
const withDayAsId: Normalizer["normalize"] = (parts) => {
  const made = normalizeDay(parts);
  return made && { ...made, metadata: { ...made.metadata, summary_id: made.metadata.start_time } };
};

/** For each case, what a provider does that breaks it. */
const broken: Record<keyof typeof providerCases, Partial<Provider> | "without notifications"> = {
  "is named in upper case, with a slug that fits a path": { slug: "fa/ke" },
  "takes its credentials from the environment, and none from an empty one": {
    settings: z.object({ url: baseUrl, client: z.string() }),
  },
  "sends the person away with state, redirect address and scopes": consent({
    begin: () => ({ url: "https://provider.example/authorize", codeVerifier: null }),
  }),
  "names the addresses that it calls itself": {
    settings: z.object({ secret: z.string(), url: z.string().default("https://api.provider.example") }),
  },
  "knows the path of everything it is to fetch": resource({
    discovery: { ...dayDiscovery, index: { resource: "night", key: "2025-05-11" } },
  }),
  "lets no strange key into a path": resource({
    request: (key) => ({ method: "GET", path: `/days/${key}` }),
  }),
  "splits its bodies into parts of declared resources": resource({
    parts: (key, value) => [{ resource: "month", key, value }],
  }),
  "knows what becomes of every leaf of its bodies": resource({
    ledger: { day: mapped("daily.metadata.start_time", "key"), list: ignored("it is always empty") },
  }),
  "refuses a body of another shape and says where": resource({
    parts: (key, value) => [{ resource: "day", key, value }],
  }),
  "makes each of its data types, and no other": { dataTypes: ["daily", "sleep"] },
  "counts a part among the parts of every record it affects": normalizer({ partsOf: () => [] }),
  "makes whole records that Terra's models accept": normalizer({
    normalize: (parts) => ({ metadata: normalizeDay(parts)?.metadata }),
  }),
  "makes records of the natural key it promised": normalizer({
    affects: () => [{ type: "daily", naturalKey: "2025-05-10" }],
    partsOf: () => [{ resource: "day", key: "2025-05-11" }],
  }),
  "lets two people with the same bodies never share an id": normalizer({ normalize: withDayAsId }),
  "calls no date an id of its own": normalizer({ hasOwnIds: true }),
  "makes the same bytes of the same parts, at any time": normalizer({ normalize: clocked }),
  "changes nothing it is given": normalizer({ normalize: changing }),
  "makes a valid record or none when a part is missing": normalizer({
    normalize: (parts) => normalizeDay(parts) ?? { metadata: null },
  }),
  "has examples of its notifications where it has notifications": "without notifications",
  "accepts a signature made with any of its secrets": notifications({ verify: firstOnly }),
  "refuses every other signature": notifications({
    verify: ({ headers }) => headers.signature !== undefined,
  }),
  "compares signatures in constant time, with every secret": notifications({ verify: leaky }),
  "understands its notifications": notifications({ maxBytes: 13 }),
  "refuses a notification it cannot read": notifications({ read: () => [{ kind: "ping" }] }),
};

describe("each conformance case", () => {
  for (const [name, check] of Object.entries(providerCases)) {
    it(`passes a sound provider: ${name}`, () => check(subjectOf(sound)));
    it(`goes red: ${name}`, async () => {
      const change = broken[name as keyof typeof providerCases];
      const { notifications: _, ...silent } = sound;
      const provider = change === "without notifications" ? silent : { ...sound, ...change };
      await expect(async () => check(subjectOf(provider))).rejects.toThrow();
    });
  }
});
