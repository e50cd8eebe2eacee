/** Cases about a provider's declaration: its names, settings and limits, and that its parts match one another. */
import assert from "node:assert/strict";
import { calledAddresses } from "../addresses.ts";
import { consentsOpening, oauthConsents } from "../consents.ts";
import { needsNoSettings, settingsFromEnvironment } from "../environment.ts";
import { type Discovery, inLanguage, isServed, languages, type Provider, type Text } from "../provider.ts";
import { secretsAmong, settingsOf } from "./scripted.ts";
import { type ProviderCase, type ProviderSubject, resourceOf } from "./subject.ts";

function assertDistinct(names: readonly string[], what: string): void {
  assert.equal(new Set(names).size, names.length, `${what}: ${names.join(", ")}`);
  for (const name of names) assert(name.length > 0, what);
}

function assertText(text: Text, what: string): void {
  for (const language of languages) {
    assert(inLanguage(text, language).trim().length > 0, `${what}, in ${language}`);
  }
}

const isCount = (value: number, least: number) => Number.isSafeInteger(value) && value >= least;

/** Returns the names of what is declared but has no examples. */
function withoutExamples({ provider, ...examples }: ProviderSubject): string[] {
  const { connecting, notifications, subscription, uploads = {}, resources } = provider;
  const missing = (name: string, isMissing: boolean) => (isMissing ? [name] : []);
  const isAskedFor = subscription !== undefined && subscription.kind !== "manual";
  return [
    ...oauthConsents(provider).flatMap(({ name, register, revoke }) => {
      const given = examples.consents?.[name];
      return [
        ...missing(`consent ${name}`, given === undefined),
        ...missing(`register of ${name}`, register !== undefined && given?.register === undefined),
        ...missing(`revoke of ${name}`, revoke !== undefined && given?.revoke === undefined),
      ];
    }),
    ...missing("key", connecting.kind === "key" && examples.key === undefined),
    ...missing("notifications", notifications !== undefined && examples.notifications === undefined),
    ...missing(
      "handshake",
      notifications?.handshake !== undefined && examples.notifications?.handshake === undefined,
    ),
    ...missing("subscriptionServer", isAskedFor && examples.subscriptionServer === undefined),
    ...Object.keys(uploads).flatMap((name) =>
      missing(`upload ${name}`, examples.uploads?.[name] === undefined),
    ),
    ...resources.flatMap(({ name, nextPage }) => {
      const isGiven = examples.pages?.some(({ ref }) => ref.resource === name) ?? false;
      return missing(`pages of ${name}`, nextPage !== undefined && !isGiven);
    }),
  ];
}

/** Asserts that a declared index is a list, and that an API that announces is one of the provider's. */
function assertFindable(provider: Provider, name: string, discovery: Discovery): void {
  const { reachDays, daysPerCall, index, dayIndex, announcedBy, history } = discovery;
  assert(isCount(daysPerCall, 1) && isCount(reachDays, 1), `${name}: days`);
  if (index !== null) assert(resourceOf(provider, index).entries, `${index.resource} lists`);
  if (dayIndex !== undefined) {
    assert(isCount(dayIndex.daysPerCall, 1), `${name}: days of its index`);
    assert(resourceOf(provider, { ...dayIndex, key: "" }).entries, `${dayIndex.resource} lists`);
  }
  if (announcedBy !== undefined) assert(Object.hasOwn(provider.apis, announcedBy), `${name}: ${announcedBy}`);
  if (history !== undefined) {
    assert(isCount(history.emptyWindows, 1) && isCount(history.windowDays, 1), `${name}: history`);
  }
}

export const declaringCases = {
  "is named in upper case, with a slug that fits a path": ({ provider }) => {
    assert.match(provider.name, /^[A-Z0-9_]+$/);
    assert.match(provider.slug, /^[a-z0-9-]+$/);
    assert(provider.displayName.length > 0 && Number.isInteger(provider.mapperVersion));
  },
  "takes its credentials from the environment, and none from an empty one": ({ provider, environment }) => {
    assert.equal(settingsFromEnvironment(provider, {}), null);
    if (!needsNoSettings(provider)) provider.settings.parse(settingsFromEnvironment(provider, environment));
  },
  "names the addresses that it calls itself": (subject) => {
    const { provider } = subject;
    const addresses = calledAddresses(provider, settingsOf(subject));
    if (Object.keys(provider.apis).length > 0) assert(addresses.length > 0, "at least one");
    for (const address of addresses) assert.match(address, /^https:\/\/[^/]+(?:\/[^?#]*)?$/);
  },
  "names each thing once": ({ provider }) => {
    assertDistinct(
      provider.resources.map(({ name }) => name),
      "resources",
    );
    assertDistinct(
      oauthConsents(provider).map(({ name }) => name),
      "consents",
    );
    assertDistinct(
      oauthConsents(provider).flatMap(({ scopes }) => scopes.map(({ name }) => name)),
      "scopes",
    );
  },
  "opens each API of its resources by a consent or a key": ({ provider }) => {
    const { apis, connecting, resources } = provider;
    const opened =
      connecting.kind === "key" ? connecting.apis : oauthConsents(provider).flatMap((one) => one.apis);
    for (const api of opened) assert(Object.hasOwn(apis, api), `${api} is among the APIs`);
    for (const { name, api } of resources.filter(isServed)) {
      assert(Object.hasOwn(apis, api), `${name}: ${api} is among the APIs`);
      assert(consentsOpening(provider, api).length > 0, `${name}: a consent opens ${api}`);
    }
  },
  "asks for scopes that the consent of the API has": ({ provider }) => {
    for (const consent of oauthConsents(provider)) {
      for (const { name, label } of consent.scopes) {
        assert.match(name, /^[^\s,]+$/);
        assertText(label, `${name} has a label for people`);
        assert(inLanguage(label, "en") !== name, `${name} has a label for people`);
      }
    }
    for (const { name, api, scope } of provider.resources.filter(isServed)) {
      if (scope === undefined) continue;
      const known = oauthConsents(provider)
        .filter(({ apis }) => apis.includes(api))
        .flatMap(({ scopes }) => scopes.map((one) => one.name));
      assert(known.includes(scope), `${name}: scope ${scope}`);
    }
  },
  "asks for nothing where people only upload": ({ provider }) => {
    const { connecting, apis, resources, uploads = {}, subscription, notifications } = provider;
    if (connecting.kind !== "upload") return;
    assert(Object.keys(uploads).length > 0, "a format to upload in");
    assert.deepEqual(apis, {});
    assert.equal(subscription ?? notifications, undefined);
    for (const { name, api, request, discovery } of resources) {
      assert.deepEqual([api, request, discovery], [undefined, undefined, null], name);
    }
  },
  "tells how a key is made": ({ provider: { connecting } }) => {
    if (connecting.kind !== "key") return;
    const { url, steps } = connecting.instructions;
    assert.match(url, /^https:\/\//);
    assert(steps.length > 0, "steps");
    for (const step of steps) assertText(step, "a step says something");
  },
  "subscribes to notifications that it can read": ({ provider: { subscription, notifications } }) => {
    if (subscription !== undefined) assert(notifications, "notifications are declared");
  },
  "sets limits that calls can keep": (subject) => {
    const { provider } = subject;
    const settings = settingsOf(subject);
    for (const [name, api] of Object.entries(provider.apis)) {
      const { rateLimits, personRateLimits = [], parallelCalls = 1 } = api;
      assert(isCount(api.personGapMs?.(settings) ?? 0, 0), `${name}: the time between a person's calls`);
      assert(isCount(parallelCalls, 1), `${name}: calls side by side`);
      for (const windows of [rateLimits, personRateLimits]) {
        const lengths = windows.map(({ lengthMs }) => lengthMs);
        assert(lengths.every((length) => isCount(length, 1)));
        assert.deepEqual(
          lengths,
          lengths.toSorted((one, other) => one - other),
          `${name}: shortest first`,
        );
      }
      for (const { callsOfClient, callsPerUser } of rateLimits) {
        assert(
          isCount(callsOfClient, 0) && isCount(callsPerUser, 0) && callsOfClient + callsPerUser > 0,
          name,
        );
      }
      for (const { calls } of personRateLimits) assert(isCount(calls, 1), name);
      const limitedAs = api.limitedAs(settings);
      assert(limitedAs.length > 0 && limitedAs === api.limitedAs({ ...settings }), name);
      for (const secret of Object.values(secretsAmong(provider, settings))) {
        assert(!limitedAs.includes(secret), `${name}: no secret in what names its limits`);
      }
    }
  },
  "finds what is new by resources that it has": ({ provider }) => {
    for (const { name, discovery, after } of provider.resources) {
      if (after !== undefined) resourceOf(provider, { resource: after.resource, key: "" });
      if (discovery === null) continue;
      assertFindable(provider, name, discovery);
    }
  },
  "has examples of each capability that it declares": (subject) => {
    assert.deepEqual(withoutExamples(subject), []);
    assert.equal(subject.provider.notifications === undefined, subject.notifications === undefined);
  },
} as const satisfies Record<string, ProviderCase>;
