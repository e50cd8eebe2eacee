/** Cases about calls to a provider's APIs: requests, pages, and what the answers mean. */
import assert from "node:assert/strict";
import { SystoleError } from "../../errors.ts";
import { calledAddresses } from "../addresses.ts";
import { oauthConsents } from "../consents.ts";
import {
  type Discovery,
  type Grant,
  isServed,
  type Part,
  ProviderError,
  type ProviderRequest,
  type ResourceRef,
} from "../provider.ts";
import type { ExampleReply } from "./example-reply.ts";
import { accessOf, heldGrant, inTurn, type ScriptedHttp, settingsOf, soon } from "./scripted.ts";
import {
  type ProviderCase,
  type ProviderSubject,
  partsOfAll,
  resourceOf,
  servedResourceOf,
} from "./subject.ts";

/** Keys that must never become part of a path. */
const strangeKeys = [
  "",
  " ",
  "../x",
  "a/b",
  "a?b=c",
  "a#b",
  "%2e%2e",
  "a\\b",
  "a\nb",
  "2025-02-30",
  "2025-13-01",
];

function grantFor(subject: ProviderSubject, api: string): Grant {
  const consent = oauthConsents(subject.provider).find(({ apis }) => apis.includes(api));
  if (consent === undefined) return heldGrant(subject);
  return heldGrant(subject, { consent: consent.name, scopes: consent.scopes.map(({ name }) => name) });
}

async function send(
  subject: ProviderSubject,
  http: ScriptedHttp,
  of: { api: string; request?: ProviderRequest },
) {
  const { api, request = { method: "GET", path: "/things?day=1" } } = of;
  const { send: sendTo } = subject.provider.apis[api] ?? assert.fail(`${api} is among the APIs`);
  return sendTo(accessOf(subject, http), request, grantFor(subject, api), soon());
}

/** Returns the key that asks for the first days of a month, no more than one call may ask for. */
const keyOfDays = ({ key, daysPerCall }: Pick<Discovery, "key" | "daysPerCall">): string =>
  key("2025-05-01", `2025-05-${String(Math.min(daysPerCall, 28)).padStart(2, "0")}`);

/** @throws Error with the resource and the key, when the resource has no such key */
function requestFor({ provider, providerUserId }: ProviderSubject, ref: ResourceRef): ProviderRequest {
  const resource = servedResourceOf(provider, ref);
  try {
    return resource.request(ref.key, providerUserId);
  } catch (cause) {
    throw new Error(`${ref.resource} has no request for the key "${ref.key}"`, { cause });
  }
}

/** Returns everything that is fetched: found by day, announced, listed, or named in another resource's answer. */
function refsOf(subject: ProviderSubject): ResourceRef[] {
  const { provider, notifications, bodies } = subject;
  const read = (body: string) => provider.notifications?.read(Buffer.from(body)) ?? [];
  const announced = (notifications?.data ?? [])
    .flatMap(read)
    .flatMap((meaning) => (meaning.kind === "data" ? meaning.fetches : []));
  const found = provider.resources.flatMap(({ name, discovery }) =>
    discovery === null ? [] : refsOfDiscovery(name, discovery),
  );
  const listed = bodies
    .flatMap(({ ref, body }) => resourceOf(provider, ref).entries?.(body) ?? [])
    .map(({ resource, key, askedAs = key }) => ({ resource, key: askedAs }));
  const named = partsOfAll(subject).flatMap((part) => [
    ...(resourceOf(provider, part).followUps?.(part) ?? []),
    ...provider.resources.flatMap(({ after }) => (after?.resource === part.resource ? after.refs(part) : [])),
  ]);
  return [...found, ...announced, ...listed, ...named];
}

const refsOfDiscovery = (resource: string, discovery: Discovery): ResourceRef[] => {
  const { index, dayIndex } = discovery;
  return [
    { resource, key: keyOfDays(discovery) },
    ...(index === null ? [] : [index]),
    ...(dayIndex === undefined ? [] : [{ resource: dayIndex.resource, key: keyOfDays(dayIndex) }]),
  ];
};

/** Follows the pages of an answer until there is no next one. Returns the requests and the parts. */
async function walk(subject: ProviderSubject, ref: ResourceRef, replies: readonly ExampleReply[]) {
  const resource = servedResourceOf(subject.provider, ref);
  const http = inTurn(replies);
  const asked: ProviderRequest[] = [];
  const parts: Part[] = [];
  let request: ProviderRequest | null = resource.request(ref.key, subject.providerUserId);
  while (request !== null) {
    asked.push(request);
    const response = await send(subject, http, { api: resource.api, request });
    parts.push(...resource.parts(ref.key, resource.decode(response.body)));
    request = resource.nextPage?.(request, response) ?? null;
  }
  return { asked, parts };
}

export const askingCases = {
  "knows the path of everything it is to fetch": (subject) => {
    for (const ref of refsOf(subject)) {
      const request = requestFor(subject, ref);
      assert.match(request.path, /^\/[\w./?=&*:-]+$/);
      if (request.body !== undefined) assert.equal(request.method, "POST", "only a POST has a body");
    }
  },
  "sends the method, path, body and media type that a resource asks for": async (subject) => {
    for (const ref of refsOf(subject)) {
      const { api } = servedResourceOf(subject.provider, ref);
      const request = requestFor(subject, ref);
      const http = inTurn([{ status: 204 }]);
      await send(subject, http, { api, request });
      const [{ method, url, headers, body } = assert.fail("it is asked")] = http.asked;
      assert.equal(method, request.method, ref.resource);
      assert(url.endsWith(request.path), url);
      assert.equal(body ?? undefined, request.body?.text, `${ref.resource}: the body`);
      if (request.body) assert.equal(headers["content-type"], request.body.contentType, ref.resource);
      if (request.accept) assert.equal(headers.accept, request.accept, `${ref.resource}: the media type`);
    }
  },
  "lets no strange key into a path": ({ provider, providerUserId }) => {
    for (const resource of provider.resources.filter(isServed)) {
      for (const key of strangeKeys) {
        assert.throws(
          () => resource.request(key, providerUserId),
          (error) => error instanceof SystoleError && error.code === "NOTIFICATION_BODY_INVALID",
          `${resource.name} "${key}" → NOTIFICATION_BODY_INVALID`,
        );
      }
    }
  },
  "asks its own address, with the person's token in no path": async (subject) => {
    const own = calledAddresses(subject.provider, settingsOf(subject));
    for (const api of Object.keys(subject.provider.apis)) {
      const http = inTurn([{ status: 204 }]);
      await send(subject, http, { api });
      const [{ url, headers } = assert.fail("it is asked")] = http.asked;
      assert(
        own.some((address) => url.startsWith(`${address}/`) || url === address),
        url,
      );
      assert(!url.includes("held-access-token"), url);
      assert(
        Object.values(headers).some((value) => value.includes("held-access-token")),
        "the token",
      );
    }
  },
  "says what a refusal means": async (subject) => {
    const refusals = [
      [401, { code: "PROVIDER_UNAUTHORIZED", retry: "never" }],
      [429, { code: "PROVIDER_RATE_LIMITED", retry: "later" }],
      [503, { code: "PROVIDER_UNAVAILABLE", retry: "later" }],
    ] as const;
    for (const api of Object.keys(subject.provider.apis)) {
      for (const [status, expected] of refusals) {
        await assert.rejects(() => send(subject, inTurn([{ status }]), { api }), expected);
      }
    }
  },
  "throws what its answers say in its own way, errors inside a success among them": async (subject) => {
    for (const { api, reply, code } of subject.failures ?? []) {
      await assert.rejects(
        () => send(subject, inTurn([reply]), { api }),
        (error) => error instanceof ProviderError && error.code === code,
        `${JSON.stringify(reply)} → ${code}`,
      );
    }
  },
  "asks for each page once, and ends with the last": async (subject) => {
    for (const { ref, replies } of subject.pages ?? []) {
      const { asked, parts } = await walk(subject, ref, replies);
      assert.equal(asked.length, replies.length, "as many pages as there are");
      assert.equal(new Set(asked.map((request) => JSON.stringify(request))).size, asked.length);
      const keys = parts.map(({ resource, key }) => `${resource} ${key}`);
      assert.equal(new Set(keys).size, keys.length, "each part on one page");
    }
  },
  "describes a thing as the list of such things does": (subject) => {
    const { provider, bodies } = subject;
    const parts = partsOfAll(subject);
    for (const { ref, body } of bodies) {
      for (const entry of resourceOf(provider, ref).entries?.(body) ?? []) {
        const { fingerprint } = resourceOf(provider, entry);
        assert(fingerprint, `${entry.resource} has a fingerprint`);
        const listed = parts.find(({ resource, key }) => resource === entry.resource && key === entry.key);
        if (listed !== undefined) assert.equal(entry.fingerprint, fingerprint(listed), `${entry.key}`);
      }
    }
  },
} as const satisfies Record<string, ProviderCase>;
