/** Proof that every conformance case can fail: a sound provider passes, one that breaks the rule does not. */
import { createHmac, timingSafeEqual } from "node:crypto";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { SystoleError } from "../errors.ts";
import { complete } from "../models/index.ts";
import { type ProviderSubject, providerCases } from "./conformance.ts";
import { ignored, mapped } from "./ledger.ts";
import {
  type Discovery,
  defineProvider,
  type Normalizer,
  type Notifications,
  type Part,
  type Provider,
  type ProviderClient,
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

const soundNotifications: Notifications = {
  maxBytes: 1024,
  verify: ({ signature }, body, secrets) =>
    secrets.map((secret) => fits(signatureOf(signature), digest(body, secret))).includes(true),
  parse(body) {
    const parsed = z.object({ is: z.string() }).safeParse(readJson(body));
    if (!parsed.success) return refuse("NOTIFICATION_BODY_INVALID", {});
    const { is } = parsed.data;
    if (is === "ping") return { kind: "ping" };
    if (is !== "day") return { kind: "unknown", event: is };
    return {
      kind: "data",
      event: is,
      providerUserId: "1",
      fetches: [{ resource: "day", key: "2025-05-11" }],
    };
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
const soundClient: ProviderClient = {
  authorizationUrl: ({ redirectUri, state }) =>
    `https://provider.example/authorize?${new URLSearchParams({ redirect_uri: redirectUri, state })}`,
  exchangeCode: nothing,
  register: nothing,
  revoke: nothing,
  fetch: nothing,
  ensureSubscription: nothing,
};

const sound: Provider = defineProvider({
  name: "FAKE",
  slug: "fake",
  displayName: "Fake",
  dataTypes: ["daily"],
  settings: z.object({ secret: z.string().meta({ secret: true }) }),
  settingsFromEnvironment: ({ FAKE_SECRET }) => (FAKE_SECRET ? { secret: FAKE_SECRET } : null),
  notifications: soundNotifications,
  apis: { "fake-v1": { rateLimits: [], limitedAs: ({ secret }) => secret } },
  resources: [soundResource],
  normalizers: [soundNormalizer],
  mapperVersion: 1,
  addresses: () => ["https://api.provider.example"],
  connect: () => soundClient,
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
    },
    sign: (body, secret) => ({ signature: digest(body, secret).toString("hex") }),
  };
}

const resource = (change: Partial<Resource>) => ({ resources: [{ ...soundResource, ...change }] });
const normalizer = (change: Partial<Normalizer>) => ({ normalizers: [{ ...soundNormalizer, ...change }] });
const notifications = (change: Partial<Notifications>) => ({
  notifications: { ...soundNotifications, ...change },
});

const firstOnly: Notifications["verify"] = ({ signature }, body, [secret = ""]) =>
  fits(signatureOf(signature), digest(body, secret));
const leaky: Notifications["verify"] = ({ signature }, body, secrets) =>
  secrets.some((secret) => digest(body, secret).toString("hex") === signature);
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
const broken: Record<keyof typeof providerCases, Partial<Provider>> = {
  "is named in upper case, with a slug that fits a path": { slug: "fa/ke" },
  "takes its credentials from the environment, and none from an empty one": {
    settingsFromEnvironment: () => ({ secret: "made up" }),
  },
  "sends the person away with state and redirect address": {
    connect: () => ({ ...soundClient, authorizationUrl: () => "https://provider.example/authorize" }),
  },
  "names the addresses that it calls itself": { addresses: () => ["https://api.provider.example/?day="] },
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
  "accepts a signature made with any of its secrets": notifications({ verify: firstOnly }),
  "refuses every other signature": notifications({ verify: ({ signature }) => signature !== undefined }),
  "compares signatures in constant time, with every secret": notifications({ verify: leaky }),
  "understands its notifications": notifications({ maxBytes: 13 }),
  "refuses a notification it cannot read": notifications({ parse: () => ({ kind: "ping" }) }),
};

describe("each conformance case", () => {
  for (const [name, check] of Object.entries(providerCases)) {
    it(`passes a sound provider: ${name}`, () => check(subjectOf(sound)));
    it(`goes red: ${name}`, () => {
      const change = broken[name as keyof typeof providerCases];
      expect(() => check(subjectOf({ ...sound, ...change }))).toThrow();
    });
  }
});
