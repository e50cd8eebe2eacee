/** Cases about the provider's webhook: its sender, its contents, and requests that only test our address. */
import assert from "node:assert/strict";
import type { IncomingHttpHeaders } from "node:http";
import { SystoleError } from "../../errors.ts";
import type { HookAnswer, NotificationMeaning, NotificationRecipient } from "../provider.ts";
import { accessOf, scripted, secretsAmong, settingsOf, unreached } from "./scripted.ts";
import {
  assertNamed,
  assertSplits,
  type HandshakeExample,
  type NotificationExamples,
  type ProviderCase,
  type ProviderSubject,
  type SigningExamples,
} from "./subject.ts";
import { countConstantTimeComparisons } from "./surroundings.ts";

const secrets = ["first", "second", "third"];
const dayMs = 86_400_000;

function recipientOf(
  subject: ProviderSubject,
  changed: Partial<NotificationRecipient<unknown>> = {},
): NotificationRecipient<unknown> {
  const keys = subject.notifications?.signing?.publishedKeys;
  const http = keys === undefined ? unreached : scripted(() => keys);
  return { ...accessOf(subject, http), secrets: [], ...changed };
}

/** The settings with every secret replaced by another one. */
function ofAnotherClient(subject: ProviderSubject): unknown {
  const settings = settingsOf(subject);
  const secret = Object.entries(secretsAmong(subject.provider, settings));
  return { ...settings, ...Object.fromEntries(secret.map(([name, value]) => [name, `${value}-another`])) };
}

interface Signed {
  readonly examples: NotificationExamples;
  readonly signing: SigningExamples;
  readonly body: Buffer;
  verify(
    headers: IncomingHttpHeaders,
    body: Buffer,
    recipient?: Partial<NotificationRecipient<unknown>>,
  ): Promise<boolean>;
}

/** Returns the provider's examples if it signs, with its own `verify`; null otherwise. */
function signedExamples(subject: ProviderSubject): Signed | null {
  const { notifications: examples, provider } = subject;
  const { notifications } = provider;
  if (examples?.signing === undefined || notifications === undefined) return null;
  const { signing } = examples;
  const known = signing.by === "subscription" ? { secrets } : {};
  return {
    examples,
    signing,
    body: Buffer.from(examples.data[0] ?? ""),
    verify: async (headers, body, changed = known) =>
      notifications.verify({ headers, body }, recipientOf(subject, changed)),
  };
}

const now = (secret = "first") => ({ secret, sentAt: new Date() });

function meaningsOf({ provider, notifications: given }: ProviderSubject): NotificationMeaning[] {
  const bodies = [...(given?.data ?? []), ...(given?.several ?? []).map(({ body }) => body)];
  return bodies.flatMap((body) => [...(provider.notifications?.read(Buffer.from(body)) ?? [])]);
}

function answerTo(subject: ProviderSubject, example: HandshakeExample): HookAnswer | null {
  const { method, query = {}, headers = {}, body = "" } = example;
  const request = { method, query: new URLSearchParams(query), headers, body: Buffer.from(body) };
  return subject.provider.notifications?.handshake?.(request, recipientOf(subject, { secrets })) ?? null;
}

function assertUnreadable(run: () => unknown, what: string): void {
  assert.throws(
    run,
    (error) => error instanceof SystoleError && error.code === "NOTIFICATION_BODY_INVALID",
    `${what} → NOTIFICATION_BODY_INVALID`,
  );
}

/** Media types that no browser executes. The answer repeats text from outside. */
const harmlessTypes = /^(?:application\/json|text\/plain)(?:;.*)?$/;

function assertHarmless({ body, contentType }: HookAnswer): void {
  if (body !== undefined && body !== "") assert.match(contentType ?? "", harmlessTypes);
}

export const notifyingCases = {
  "accepts what is signed with any of its secrets": async (subject) => {
    const signed = signedExamples(subject);
    if (signed === null) return;
    const { signing, body, verify } = signed;
    for (const secret of signing.by === "subscription" ? secrets : ["first"]) {
      assert.equal(await verify(await signing.headers(body, now(secret)), body), true, secret);
    }
  },
  "refuses every other signature": async (subject) => {
    const signed = signedExamples(subject);
    if (signed === null) return;
    const { signing, body, verify } = signed;
    const headers = await signing.headers(body, now());
    // Cut four characters: at least one byte, in hexadecimal and in padded base64.
    const cut = Object.entries(headers).map(([name, value]) => [name, value?.slice(0, -4)]);
    assert.equal(await verify(Object.fromEntries(cut), body), false, "a signature that is cut");
    assert.equal(await verify({}, body), false, "no signature");
    if (signing.coversBody) {
      assert.equal(await verify(headers, Buffer.concat([body, Buffer.from(" ")])), false, "another body");
    }
    if (signing.by === "public-key") return;
    const others = signing.by === "client" ? { settings: ofAnotherClient(subject) } : { secrets: ["other"] };
    assert.equal(await verify(headers, body, others), false, "another's secret");
    if (signing.by === "subscription") assert.equal(await verify(headers, body, { secrets: [] }), false);
  },
  "compares secrets in constant time, with every one": async (subject) => {
    const signed = signedExamples(subject);
    if (signed === null || signed.signing.by === "public-key") return;
    const { signing, body, verify } = signed;
    const headers = await signing.headers(body, now());
    const expected = signing.by === "subscription" ? secrets.length : 1;
    assert.equal(await countConstantTimeComparisons(() => verify(headers, body)), expected);
  },
  "refuses what was signed long ago, or for later": async (subject) => {
    const signed = signedExamples(subject);
    if (!signed?.signing.coversTime) return;
    const { signing, body, verify } = signed;
    for (const shiftMs of [-dayMs, dayMs]) {
      const sentAt = new Date(Date.now() + shiftMs);
      const headers = await signing.headers(body, { secret: "first", sentAt });
      assert.equal(await verify(headers, body), false, sentAt.toISOString());
    }
    const [old, fresh] = await Promise.all([
      signing.headers(body, { secret: "first", sentAt: new Date(Date.now() - dayMs) }),
      signing.headers(body, now()),
    ]);
    for (const name of Object.keys(old)) {
      if (old[name] === fresh[name]) continue;
      assert.equal(await verify({ ...old, [name]: fresh[name] }, body), false, `another's ${name}`);
    }
  },
  "understands its notifications": ({ provider, notifications: given }) => {
    const { notifications } = provider;
    if (given === undefined || notifications === undefined) return;
    const kindsOf = (body: string) => notifications.read(Buffer.from(body)).map(({ kind }) => kind);
    if (given.ping !== undefined) assert.deepEqual(kindsOf(given.ping), ["ping"]);
    if (given.unknown !== undefined) assert.deepEqual(kindsOf(given.unknown), ["unknown"]);
    for (const body of given.data) {
      const kinds = kindsOf(body);
      assert(kinds.length > 0 && !kinds.includes("ping") && !kinds.includes("unknown"), body);
      assert(body.length * 4 <= notifications.maxBytes, "room to spare");
    }
  },
  "hears everything that one body says, of everybody": ({ provider, notifications: given }) => {
    for (const { body, says } of given?.several ?? []) {
      const heard = provider.notifications?.read(Buffer.from(body)) ?? [];
      const told = heard.map((meaning) => ({
        kind: meaning.kind,
        ...("providerUserId" in meaning && { providerUserId: meaning.providerUserId }),
      }));
      assert.deepEqual(told, says);
    }
  },
  "names people, and what it has resources for": (subject) => {
    for (const meaning of meaningsOf(subject)) {
      if ("providerUserId" in meaning) assert(meaning.providerUserId.length > 0, meaning.event);
      if (meaning.kind === "deleted") for (const part of meaning.parts) assertNamed(subject.provider, part);
      if (meaning.kind === "pushed") for (const body of meaning.bodies) assertSplits(subject.provider, body);
    }
  },
  "refuses a notification it cannot read": ({ provider, notifications: given }) => {
    const { notifications } = provider;
    if (given === undefined || notifications === undefined) return;
    for (const body of ["", "not json", "null", "[]", "{}", ...given.invalid]) {
      assertUnreadable(() => notifications.read(Buffer.from(body)), body);
    }
  },
  "answers a request that tests our address, with what it wants back": (subject) => {
    const examples = subject.notifications?.handshake;
    if (examples === undefined) return;
    for (const challenge of ["first", `a "b" <c> &d\\`]) {
      const answer = answerTo(subject, examples.genuine(challenge));
      assert.deepEqual(answer, examples.answer(challenge));
      assert(answer !== null && answer.status < 300);
      assertHarmless(answer);
    }
  },
  "refuses a test without what it must bring, and answers nothing else": (subject) => {
    const { refused = [], others = [] } = subject.notifications?.handshake ?? {};
    for (const example of refused) {
      const answer = answerTo(subject, example);
      assert(answer !== null && answer.status >= 400, JSON.stringify(example));
      assertHarmless(answer);
    }
    for (const example of others) assert.equal(answerTo(subject, example), null, JSON.stringify(example));
  },
  "acknowledges with an answer of success": ({ provider: { notifications } }) => {
    const answer = notifications?.acknowledgement;
    if (answer === undefined) return;
    assert(answer.status >= 200 && answer.status < 300, String(answer.status));
    assertHarmless(answer);
  },
} as const satisfies Record<string, ProviderCase>;
