/** Providers that break the rules for declarations. */
import { z } from "zod";
import { baseUrl } from "../../kit/base-url.ts";
import { type Api, languages, type Translated } from "../../provider.ts";
import type { declaringCases } from "../declaring.ts";
import { announcing, announcingConsent } from "../fakes/announcing.fixture.ts";
import { apiWith, dayDiscovery, dayResource } from "../fakes/days.fixture.ts";
import { pushing } from "../fakes/pushing.fixture.ts";
import { byHand, uploadedDay, uploading } from "../fakes/uploading.fixture.ts";
import { type Broken, but, consent, key, resource, withConsents } from "./but.fixture.ts";

const api = (change: Partial<Api<unknown>>) =>
  but(announcing, { apis: { "fake-v1": { ...apiWith(), ...change } } });
const { notifications: _, ...silent } = announcing.provider;
const { consents: __, ...withoutConsents } = announcing;
const { subscriptionServer: ___, ...withoutServer } = announcing;

const inEnglish = Object.fromEntries(languages.map((language) => [language, "Days"])) as Translated;
const withoutJapanese = { ...inEnglish, ja: "" };

const aDay = { name: "a day", lengthMs: 86_400_000, callsOfClient: 10, callsPerUser: 0 };
const anHour = { ...aDay, name: "an hour", lengthMs: 3_600_000 };

export const brokenDeclaring: Broken<typeof declaringCases> = {
  "is named in upper case, with a slug that fits a path": [but(announcing, { slug: "fa/ke" })],
  "takes its credentials from the environment, and none from an empty one": [
    but(announcing, { settings: z.object({ url: baseUrl, client: z.string() }) }),
  ],
  "names the addresses that it calls itself": [
    but(announcing, {
      settings: z.object({ secret: z.string(), url: z.string().default("https://api.provider.example") }),
    }),
  ],
  "names each thing once": [
    but(announcing, { resources: [dayResource, dayResource] }),
    withConsents(announcing, announcingConsent, announcingConsent),
  ],
  "opens each API of its resources by a consent or a key": [
    resource({ api: "fake-v2" }),
    consent(announcing, () => ({ apis: [] })),
    consent(announcing, () => ({ apis: ["fake-v1", "fake-v2"] })),
    key({ apis: [] }),
  ],
  "asks for scopes that the consent of the API has": [
    resource({ scope: "nights" }),
    consent(announcing, () => ({ scopes: [{ name: "days", label: "", isRequired: true }] })),
    consent(announcing, () => ({ scopes: [{ name: "days", label: withoutJapanese, isRequired: true }] })),
    consent(announcing, () => ({ scopes: [{ name: "days,nights", label: "Days", isRequired: true }] })),
  ],
  "asks for nothing where people only upload": [
    but(uploading, { uploads: {} }),
    but(uploading, { resources: [dayResource] }),
    but(uploading, { resources: [{ ...uploadedDay, discovery: dayDiscovery }] }),
    but(uploading, { apis: { "fake-v1": apiWith() } }),
    but(uploading, { subscription: byHand }),
  ],
  "tells how a key is made": [key({ instructions: { url: "https://provider.example/keys", steps: [] } })],
  "subscribes to notifications that it can read": [{ ...announcing, provider: silent }],
  "sets limits that calls can keep": [
    api({ parallelCalls: 0 }),
    api({ personGapMs: () => 0.5 }),
    api({ rateLimits: [aDay, anHour] }),
    api({ rateLimits: [{ ...anHour, callsOfClient: 0 }] }),
    api({ personRateLimits: [{ name: "a day", lengthMs: 86_400_000, calls: 0.5 }] }),
    api({ limitedAs: (settings) => (settings as { secret: string }).secret }),
  ],
  "finds what is new by resources that it has": [
    resource({ after: { resource: "month", refs: () => [] } }),
    resource({ discovery: { ...dayDiscovery, daysPerCall: 0 } }),
    resource({ discovery: { ...dayDiscovery, index: { resource: "day", key: "2025-05-11" } } }),
    resource({
      discovery: { ...dayDiscovery, dayIndex: { ...dayDiscovery, resource: "day", tellsChanges: false } },
    }),
    resource({ discovery: { ...dayDiscovery, announcedBy: "fake-v9" } }),
    resource({ discovery: { ...dayDiscovery, history: { emptyWindows: 0, windowDays: 28 } } }),
  ],
  "has examples of each capability that it declares": [
    withoutConsents,
    { ...announcing, provider: silent },
    withoutServer,
    { ...pushing, pages: [] },
    { ...uploading, uploads: {} },
  ],
};
