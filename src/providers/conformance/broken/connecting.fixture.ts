import { SystoleError } from "../../../errors.ts";
import { ProviderError } from "../../provider.ts";
import type { connectingCases } from "../connecting.ts";
import { announcing, announcingConsentExamples, oneWebhook } from "../fakes/announcing.fixture.ts";
import { consentWith } from "../fakes/days.fixture.ts";
import { keyed, oneForEachPerson, pasting } from "../fakes/keyed.fixture.ts";
import { oneForEachEvent, pushing } from "../fakes/pushing.fixture.ts";
import { byHand, shownToken } from "../fakes/uploading.fixture.ts";
import type { pastingCases } from "../pasting.ts";
import type { subscribingCases } from "../subscribing.ts";
import { type Broken, but, consent, key, withConsents } from "./but.fixture.ts";

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
          ...announcingConsentExamples,
          register: { done: [{ status: 201 }], known: [{ status: 400 }] },
        },
      },
    },
  ],
  "gives a permission back, and one that has ended already": [
    consent(announcing, () => ({ revoke: async () => {} })),
    consent(announcing, ({ register }) => ({
      revoke: async (access, grant, signal) => {
        await register?.(access, grant, { memberId: "", opened: [], knownAs: [], signal });
      },
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
        ensure: async (...given: Parameters<typeof oneForEachEvent.ensure>) => ({
          ...(await oneForEachEvent.ensure(...given)),
          remoteId: "day 1",
        }),
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
