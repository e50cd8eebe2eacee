/** Fakes that break the rules of what a provider says of itself, of connecting and of subscribing. */
import { z } from "zod";
import { SystoleError } from "../../errors.ts";
import { baseUrl } from "../kit/base-url.ts";
import { type Api, type OAuthConsent, type Provider, ProviderError } from "../provider.ts";
import type { ProviderSubject } from "./cases.ts";
import type { connectingCases } from "./connecting.ts";
import type { declaringCases } from "./declaring.ts";
import { announcing, announcingConsent, oneWebhook } from "./fakes/announcing.fixture.ts";
import { apiWith, consentWith, dayDiscovery, dayResource } from "./fakes/days.fixture.ts";
import { keyed, oneForEachPerson, pasting } from "./fakes/keyed.fixture.ts";
import { oneForEachEvent, pushing } from "./fakes/pushing.fixture.ts";
import { byHand, shownToken, uploadedDay, uploading } from "./fakes/uploading.fixture.ts";
import type { pastingCases } from "./pasting.ts";
import type { subscribingCases } from "./subscribing.ts";

export type Broken<Cases> = Readonly<Record<keyof Cases, readonly ProviderSubject[]>>;

/** The subject of a provider that is otherwise in this. */
export const but = (subject: ProviderSubject, change: Partial<Provider>): ProviderSubject => ({
  ...subject,
  provider: { ...subject.provider, ...change },
});

const withConsents = (
  subject: ProviderSubject,
  ...consents: [OAuthConsent<unknown>, ...OAuthConsent<unknown>[]]
) => but(subject, { connecting: { kind: "oauth", consents } });

/** A consent that breaks what the sound one does. */
const consent = (
  subject: ProviderSubject,
  change: (sound: OAuthConsent<unknown>) => Partial<OAuthConsent<unknown>>,
): ProviderSubject => {
  const sound = subject === pushing ? consentWith(true, "body") : announcingConsent;
  return withConsents(subject, { ...sound, ...change(sound) });
};

const api = (change: Partial<Api<unknown>>) =>
  but(announcing, { apis: { "fake-v1": { ...apiWith(), ...change } } });
const resource = (change: object) => but(announcing, { resources: [{ ...dayResource, ...change }] });
const key = (change: Partial<typeof pasting>) => but(keyed, { connecting: { ...pasting, ...change } });
const { notifications: _, ...silent } = announcing.provider;
const { consents: __, ...withoutConsents } = announcing;

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
    api({ rateLimits: [aDay, anHour] }),
    api({ rateLimits: [{ ...anHour, callsOfClient: 0 }] }),
    api({ personRateLimits: [{ name: "a day", lengthMs: 86_400_000, calls: 0.5 }] }),
    api({ limitedAs: (settings) => (settings as { secret: string }).secret }),
  ],
  "finds what is new by resources that it has": [
    resource({ after: { resource: "month", refs: () => [] } }),
    resource({ discovery: { ...dayDiscovery, daysPerCall: 0 } }),
    resource({ discovery: { ...dayDiscovery, index: { resource: "day", key: "2025-05-11" } } }),
  ],
  "has examples of each capability that it declares": [
    withoutConsents,
    { ...announcing, provider: silent },
    { ...announcing, subscriptionServer: undefined as never },
    { ...pushing, pages: [] },
    { ...uploading, uploads: {} },
  ],
};

const refuse = () => {
  throw new SystoleError("OAUTH_EXCHANGE_FAILED", { cause: "client-secret" });
};

export const brokenConnecting: Broken<typeof connectingCases> = {
  "sends the person away with state, redirect address and scopes": [
    consent(announcing, () => ({
      begin: () => ({ url: "https://provider.example/authorize", codeVerifier: null }),
    })),
  ],
  "sends a challenge of the verifier that it keeps, and none where it keeps none": [
    consent(pushing, ({ begin }) => ({
      begin: async (access, request) => ({ ...(await begin(access, request)), codeVerifier: null }),
    })),
    consent(pushing, ({ begin }) => ({
      begin: async (access, request) => ({ ...(await begin(access, request)), codeVerifier: "v".repeat(43) }),
    })),
    consent(pushing, ({ begin }) => ({
      async begin(access, request) {
        const { url, codeVerifier } = await begin(access, request);
        return { url: url.replace("S256", "plain"), codeVerifier };
      },
    })),
  ],
  "shows a code with everything that belongs to it, and proves who the client is": [
    withConsents(announcing, consentWith(false, "body")),
    withConsents(pushing, consentWith(true, "basic")),
    consent(pushing, ({ exchange }) => ({
      exchange: (access, code) => exchange(access, { ...code, codeVerifier: null }),
    })),
    consent(announcing, ({ exchange }) => ({
      exchange: (access, code) => exchange(access, { ...code, redirectUri: "https://elsewhere.example" }),
    })),
    consent(announcing, ({ exchange }) => ({
      exchange: ({ settings, http }, code) =>
        exchange(
          {
            settings,
            http: { send: (asked) => http.send({ ...asked, url: `${asked.url}?code=${code.code}` }) },
          },
          code,
        ),
    })),
  ],
  "takes the tokens, their end and the scopes as it is told": [
    consent(announcing, ({ exchange }) => ({
      exchange: async (...given) => ({ ...(await exchange(...given)), renewal: null }),
    })),
    consent(announcing, ({ exchange }) => ({
      exchange: async (...given) => ({ ...(await exchange(...given)), expiresAt: null }),
    })),
    consent(announcing, ({ exchange }) => ({
      exchange: async (access, code) => ({ ...(await exchange(access, code)), scopes: code.scopes }),
    })),
    consent(announcing, ({ exchange }) => ({
      exchange: async (...given) => ({ ...(await exchange(...given)), consent: "another" }),
    })),
  ],
  "takes scopes of which it is told nothing for those it asked for": [
    consent(announcing, ({ exchange }) => ({
      exchange: async (...given) => ({ ...(await exchange(...given)), scopes: [] }),
    })),
  ],
  "says that a code was refused, and says no secret": [
    consent(announcing, () => ({ exchange: refuse })),
    consent(announcing, () => ({
      exchange: () => Promise.reject(new ProviderError("PROVIDER_UNAUTHORIZED", "never", {})),
    })),
  ],
  "renews a token, and keeps a refresh token in place of which it is given none": [
    consent(pushing, ({ refresh }) => ({
      async refresh(access, grant, signal) {
        const renewed = (await refresh?.(access, grant, signal)) ?? grant;
        return { ...renewed, renewal: grant.renewal };
      },
    })),
    consent(pushing, ({ refresh }) => ({
      async refresh(access, grant, signal) {
        const renewed = (await refresh?.(access, grant, signal)) ?? grant;
        const isReplaced = JSON.stringify(renewed.renewal).includes("new-refresh-token");
        return { ...renewed, renewal: isReplaced ? renewed.renewal : null };
      },
    })),
    consent(pushing, () => ({ refresh: async (_access, grant) => grant })),
  ],
  "says that the permission is over when a renewal is refused, and only then": [
    consent(pushing, () => ({
      refresh: () => Promise.reject(new ProviderError("PROVIDER_REFUSED", "later", {})),
    })),
    consent(pushing, () => ({
      refresh: () => Promise.reject(new ProviderError("PROVIDER_UNAUTHORIZED", "never", {})),
    })),
  ],
  "makes a person known, and one who is known already": [
    {
      ...announcing,
      consents: {
        fake: {
          ...(announcing.consents?.fake ?? ({} as never)),
          register: { done: [{ status: 201 }], known: [{ status: 400 }] },
        },
      },
    },
  ],
  "gives a permission back, and one that has ended already": [
    consent(announcing, () => ({ revoke: async () => {} })),
    consent(announcing, ({ register }) => ({
      revoke: async (access, grant, signal) => register?.(access, grant, "", signal),
    })),
  ],
};

export const brokenPasting: Broken<typeof pastingCases> = {
  "exchanges a key for a token, and can do so again": [
    key({ exchange: async (...given) => ({ ...(await pasting.exchange(...given)), renewal: null }) }),
    key({
      exchange: (access, { key: pasted }, signal) =>
        pasting.exchange(access, { key: pasted, endsAt: null }, signal),
    }),
    key({ exchange: async (...given) => ({ ...(await pasting.exchange(...given)), consent: "fake" }) }),
  ],
  "says that a key was refused, and only then": [
    key({ exchange: () => Promise.reject(new ProviderError("PROVIDER_REFUSED", "never", {})) }),
    key({ exchange: () => Promise.reject(new ProviderError("PROVIDER_UNAUTHORIZED", "never", {})) }),
  ],
};

const { ensure } = oneWebhook;

export const brokenSubscribing: Broken<typeof subscribingCases> = {
  "holds one webhook for the client, makes it once and moves it": [
    but(announcing, {
      subscription: { kind: "client", ensure: (access, asked) => ensure(access, { ...asked, known: [] }) },
    }),
    but(announcing, {
      subscription: { kind: "client", ensure: (access, asked) => ensure(access, { ...asked, url: "same" }) },
    }),
  ],
  "makes one anew whose secret nobody knows": [
    but(announcing, {
      subscription: { kind: "client", ensure: (access, asked) => ensure(access, { ...asked, known: ["1"] }) },
    }),
  ],
  "holds a subscription for each event, which is renewed before it ends": [
    but(pushing, { subscription: { ...oneForEachEvent, events: [] } }),
    but(pushing, { subscription: { ...oneForEachEvent, renewBeforeMs: 86_400_000 } }),
    but(pushing, {
      subscription: {
        ...oneForEachEvent,
        ensure: (access, _event, asked) => oneForEachEvent.ensure(access, "day", asked),
      },
    }),
  ],
  "subscribes for a person again and again, and removes what has gone": [
    but(keyed, {
      subscription: {
        ...oneForEachPerson,
        remove: async (access, grant, asked) => {
          await oneForEachPerson.remove(access, grant, asked);
          throw new ProviderError("PROVIDER_RESOURCE_MISSING", "later", {});
        },
      },
    }),
  ],
  "tells the operator what to do by hand, with our address": [
    but(shownToken, { subscription: { ...byHand, steps: () => ["Enter the address."] } }),
  ],
};
