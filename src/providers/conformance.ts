/**
 * What every provider plugin must do, as cases that throw. A plugin's own test runs them all with its fixtures;
 * `conformance.test.ts` proves for each case that a plugin that breaks the rule does not pass.
 */
import assert from "node:assert/strict";
import type { IncomingHttpHeaders } from "node:http";
import { SystoleError } from "../errors.ts";
import {
  complete,
  type DataType,
  hasSummaryId,
  models,
  naturalKey,
  personalSummaryId,
  withSummaryId,
} from "../models/index.ts";
import { calledAddresses } from "./addresses.ts";
import { countConstantTimeComparisons, deepFreeze, inAnotherYear } from "./conformance-tools.ts";
import { needsNoSettings, settingsFromEnvironment } from "./environment.ts";
import { providerHttp } from "./kit/http.ts";
import { scopesOf } from "./kit/scopes.ts";
import { unknownLeaves } from "./ledger-leaves.ts";
import {
  isNamedBy,
  isServed,
  type Normalizer,
  type NotificationRequest,
  type Part,
  type Provider,
  type ProviderAccess,
  type ProviderContext,
  ProviderError,
  type ResourceRef,
} from "./provider.ts";

export interface ProviderSubject {
  readonly provider: Provider;
  readonly providerUserId: string;
  /** Environment variables that hold credentials. */
  readonly environment: NodeJS.ProcessEnv;
  /** Bodies as the provider sends them, each with the ref it answers; together they make every data type. */
  readonly bodies: readonly { readonly ref: ResourceRef; readonly body: unknown }[];
  /** For a provider that notifies. */
  readonly notifications?: NotificationExamples;
}

export interface NotificationExamples {
  /** Where the provider has one. */
  readonly ping?: string;
  /** Each says something about somebody. */
  readonly data: readonly string[];
  readonly unknown: string;
  readonly invalid: readonly string[];
  /** The headers the provider would send with a body; absent where it signs nothing with a secret of a subscription. */
  readonly sign?: (body: Buffer, secret: string) => IncomingHttpHeaders;
}

export type ProviderCase = (subject: ProviderSubject) => void | Promise<void>;

/** For clients of which nothing is asked that needs a connection. */
const unreached: ProviderContext = {
  lookup: (hostname, _options, callback) => callback(new Error(`${hostname} was looked up`), []),
  assertUrlAllowed: () => {},
};

function accessOf({ provider, environment }: ProviderSubject): ProviderAccess<unknown> {
  const settings = provider.settings.parse(settingsFromEnvironment(provider, environment) ?? {});
  return { settings, http: providerHttp(unreached) };
}

const secrets = ["first", "second", "third"];

/** The provider's examples where it signs with a subscription's secret, and its own way to verify. */
function signing(subject: ProviderSubject) {
  const { notifications: given, provider } = subject;
  const access = accessOf(subject);
  return {
    given: given?.sign === undefined ? undefined : { ...given, sign: given.sign },
    verify: async (request: NotificationRequest, known: readonly string[]) =>
      provider.notifications?.verify(request, { ...access, secrets: known }),
  };
}

/** None of these may ever become part of a path. */
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
const strangeBodies: readonly unknown[] = ["text", 42, true, [1], ["text"]];

function partsOfAll({ provider, bodies }: ProviderSubject): Part[] {
  return bodies.flatMap(({ ref, body }) => [...resourceOf(provider, ref).parts(ref.key, body)]);
}

function resourceOf(provider: Provider, ref: ResourceRef) {
  const resource = provider.resources.find(({ name }) => name === ref.resource);
  assert(resource, `resource ${ref.resource} is declared`);
  return resource;
}

interface RecordOf {
  readonly normalizer: Normalizer;
  readonly type: DataType;
  readonly key: string;
  readonly parts: readonly Part[];
}

/** Every record the fixtures take part in, with its parts in the normaliser's order. */
function recordsOf(subject: ProviderSubject): RecordOf[] {
  const given = partsOfAll(subject);
  const found = new Map<string, RecordOf>();
  for (const normalizer of subject.provider.normalizers) {
    for (const { type, naturalKey: key } of given.flatMap((part) => normalizer.affects(part))) {
      const refs = normalizer.partsOf(key);
      const parts = refs.flatMap((ref) => given.filter((part) => isNamedBy(ref, part)));
      found.set(`${type} ${key}`, { normalizer, type, key, parts });
    }
  }
  return [...found.values()];
}

function whole({ normalizer, parts }: RecordOf): unknown {
  return normalizer.normalize(parts);
}

/** What receivers would key a record by; undefined where it has no id. The first to have an own id keeps it. */
function idOutside(userId: string, record: RecordOf, taken: ReadonlySet<string>): string | undefined {
  const { type, key, normalizer } = record;
  const made = whole(record);
  if (made === null) return undefined;
  const personal = personalSummaryId({ userId, type, naturalKey: key });
  const given = normalizer.hasOwnIds && !taken.has(key) ? key : personal;
  const sent = hasSummaryId(type) ? withSummaryId(made, given) : made;
  return (sent as { metadata?: { summary_id?: string } }).metadata?.summary_id;
}

function assertCode(code: SystoleError["code"], run: () => unknown, what: string): void {
  assert.throws(run, (error) => error instanceof SystoleError && error.code === code, `${what} → ${code}`);
}

export const providerCases = {
  "is named in upper case, with a slug that fits a path": ({ provider }) => {
    assert.match(provider.name, /^[A-Z0-9_]+$/);
    assert.match(provider.slug, /^[a-z0-9-]+$/);
    assert(provider.displayName.length > 0 && Number.isInteger(provider.mapperVersion));
  },
  "takes its credentials from the environment, and none from an empty one": ({ provider, environment }) => {
    assert.equal(settingsFromEnvironment(provider, {}), null);
    if (!needsNoSettings(provider)) provider.settings.parse(settingsFromEnvironment(provider, environment));
  },
  "sends the person away with state, redirect address and scopes": async (subject) => {
    const { connecting } = subject.provider;
    for (const consent of connecting.kind === "oauth" ? connecting.consents : []) {
      const redirectUri = "https://hub.example/v2/auth/here/oauth2?x=1&y=2";
      const scopes = consent.scopes.map(({ name }) => name);
      const asked = { redirectUri, state: "s t&a=te", scopes };
      const url = new URL((await consent.begin(accessOf(subject), asked)).url);
      assert.equal(url.searchParams.get("redirect_uri"), redirectUri);
      assert.equal(url.searchParams.get("state"), asked.state);
      const sent = scopesOf(url.searchParams.get("scope") ?? "");
      assert.deepEqual(new Set(sent), new Set(scopes));
    }
  },
  "names the addresses that it calls itself": (subject) => {
    const { provider } = subject;
    const addresses = calledAddresses(provider, accessOf(subject).settings);
    if (Object.keys(provider.apis).length > 0) assert(addresses.length > 0, "at least one");
    for (const address of addresses) assert.match(address, /^https:\/\/[^/]+(?:\/[^?#]*)?$/);
  },
  "knows the path of everything it is to fetch": ({ provider, providerUserId, notifications }) => {
    const read = (body: string) => provider.notifications?.read(Buffer.from(body)) ?? [];
    const named = (notifications?.data ?? [])
      .flatMap(read)
      .flatMap((meaning) => (meaning.kind === "data" ? meaning.fetches : []));
    const found = provider.resources.flatMap(({ name, discovery }) =>
      discovery === null
        ? []
        : [{ resource: name, key: discovery.key("2025-05-01", "2025-05-28") }, discovery.index ?? []].flat(),
    );
    for (const ref of [...found, ...named]) {
      const resource = resourceOf(provider, ref);
      assert(isServed(resource), `${ref.resource} can be asked for`);
      const request = resource.request(ref.key, providerUserId);
      assert.match(request.path, /^\/[\w./?=&*-]+$/);
    }
  },
  "lets no strange key into a path": ({ provider, providerUserId }) => {
    for (const resource of provider.resources.filter(isServed)) {
      for (const key of strangeKeys) {
        assertCode(
          "NOTIFICATION_BODY_INVALID",
          () => resource.request(key, providerUserId),
          `${resource.name} "${key}"`,
        );
      }
    }
  },
  "splits its bodies into parts of declared resources": (subject) => {
    for (const { ref, body } of subject.bodies) {
      const parts = resourceOf(subject.provider, ref).parts(ref.key, body);
      assert(parts.length > 0, `${ref.resource} ${ref.key} has parts`);
      for (const part of parts) assert(resourceOf(subject.provider, part) && part.key.length > 0);
    }
  },
  "knows what becomes of every leaf of its bodies": (subject) => {
    for (const part of partsOfAll(subject)) {
      const { ledger } = resourceOf(subject.provider, part);
      assert.deepEqual(unknownLeaves(ledger, part.value), [], `${part.resource} ${part.key}`);
    }
  },
  "refuses a body of another shape and says where": ({ provider }) => {
    for (const resource of provider.resources) {
      for (const body of strangeBodies) {
        assert.throws(
          () => resource.parts("current", body),
          (error) =>
            error instanceof ProviderError &&
            error.code === "PROVIDER_BODY_INVALID" &&
            error.details.resource === resource.name &&
            error.details.issues !== undefined,
          `${resource.name} ${JSON.stringify(body)}`,
        );
      }
    }
  },
  "makes each of its data types, and no other": (subject) => {
    const made = recordsOf(subject).filter((record) => whole(record) !== null);
    assert.deepEqual(new Set(made.map(({ type }) => type)), new Set(subject.provider.dataTypes));
    for (const { normalizer, type } of made) assert.equal(type, normalizer.type);
  },
  "counts a part among the parts of every record it affects": (subject) => {
    for (const part of partsOfAll(subject)) {
      for (const normalizer of subject.provider.normalizers) {
        for (const ref of normalizer.affects(part)) {
          const refs = normalizer.partsOf(ref.naturalKey);
          assert(
            refs.some((ref) => isNamedBy(ref, part)),
            `${part.resource} ${part.key} of ${ref.type}`,
          );
        }
      }
    }
  },
  "makes whole records that Terra's models accept": (subject) => {
    for (const record of recordsOf(subject)) {
      const made = whole(record);
      if (made === null) continue;
      const valid = models[record.type].parse(made);
      assert.deepEqual(made, complete<DataType>(record.type, valid));
    }
  },
  "makes records of the natural key it promised": (subject) => {
    for (const record of recordsOf(subject)) {
      const made = whole(record);
      if (made !== null) assert.equal(naturalKey<DataType>(record.type, made as never), record.key);
    }
  },
  "lets two people with the same bodies never share an id": (subject) => {
    const taken = new Set<string>();
    for (const userId of ["one person", "another"]) {
      for (const record of recordsOf(subject)) {
        const id = idOutside(userId, record, taken);
        if (id === undefined) continue;
        assert(!taken.has(id), `${record.type} ${record.key}: ${id}`);
        taken.add(id);
      }
    }
  },
  "calls no date an id of its own": (subject) => {
    for (const { normalizer, type, key } of recordsOf(subject)) {
      if (normalizer.hasOwnIds) assert.doesNotMatch(key, /^\d{4}-\d{2}-\d{2}/, `${type} ${key}`);
    }
  },
  "makes the same bytes of the same parts, at any time": (subject) => {
    for (const record of recordsOf(subject)) {
      const first = JSON.stringify(whole(record));
      assert.equal(JSON.stringify(whole(record)), first);
      assert.equal(JSON.stringify(inAnotherYear(() => whole(record))), first);
    }
  },
  "changes nothing it is given": (subject) => {
    const { provider, bodies } = subject;
    const frozen = { ...subject, bodies: deepFreeze(structuredClone(bodies)), provider };
    for (const record of recordsOf(frozen)) whole({ ...record, parts: deepFreeze(record.parts) });
  },
  "makes a valid record or none when a part is missing": (subject) => {
    for (const { normalizer, type, parts } of recordsOf(subject)) {
      assert.equal(normalizer.normalize([]), null);
      for (const missing of parts) {
        const made = normalizer.normalize(parts.filter((part) => part !== missing));
        if (made !== null) models[type].parse(made);
      }
    }
  },
  "has examples of its notifications where it has notifications": ({ provider, notifications }) => {
    assert.equal(provider.notifications === undefined, notifications === undefined);
  },
  "accepts a signature made with any of its secrets": async (subject) => {
    const { given, verify } = signing(subject);
    if (given === undefined) return;
    const body = Buffer.from(given.data[0] ?? "");
    for (const secret of secrets) {
      assert(await verify({ headers: given.sign(body, secret), body }, secrets), secret);
    }
  },
  "refuses every other signature": async (subject) => {
    const { given, verify } = signing(subject);
    if (given === undefined) return;
    const body = Buffer.from(given.data[0] ?? "");
    const headers = given.sign(body, "first");
    const cut = Object.fromEntries(
      Object.entries(headers).map(([name, value]) => [name, value?.slice(0, -2)]),
    ) as IncomingHttpHeaders;
    const refused: readonly [IncomingHttpHeaders, Buffer, readonly string[]][] = [
      [headers, Buffer.concat([body, Buffer.from(" ")]), ["first"]],
      [headers, body, ["other"]],
      [headers, body, []],
      [cut, body, ["first"]],
      [{}, body, ["first"]],
    ];
    for (const [sent, signed, known] of refused) {
      assert.equal(await verify({ headers: sent, body: signed }, known), false);
    }
  },
  "compares signatures in constant time, with every secret": async (subject) => {
    const { given, verify } = signing(subject);
    if (given === undefined) return;
    const body = Buffer.from(given.data[0] ?? "");
    const compare = () => verify({ headers: given.sign(body, "first"), body }, secrets);
    assert.equal(await countConstantTimeComparisons(compare), secrets.length);
  },
  "understands its notifications": ({ provider, notifications: given }) => {
    const { notifications } = provider;
    if (given === undefined || notifications === undefined) return;
    const kindsOf = (body: string) => notifications.read(Buffer.from(body)).map(({ kind }) => kind);
    if (given.ping !== undefined) assert.deepEqual(kindsOf(given.ping), ["ping"]);
    assert.deepEqual(kindsOf(given.unknown), ["unknown"]);
    for (const body of given.data) {
      const kinds = kindsOf(body);
      assert(kinds.length > 0 && !kinds.includes("ping") && !kinds.includes("unknown"), body);
      assert(body.length * 4 <= notifications.maxBytes, "room to spare");
    }
  },
  "refuses a notification it cannot read": ({ provider, notifications: given }) => {
    const { notifications } = provider;
    if (given === undefined || notifications === undefined) return;
    for (const body of ["", "not json", "null", "[]", "{}", ...given.invalid]) {
      assertCode("NOTIFICATION_BODY_INVALID", () => notifications.read(Buffer.from(body)), body);
    }
  },
} as const satisfies Record<string, ProviderCase>;
