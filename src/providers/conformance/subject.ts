/** One provider with its examples, as the cases test it. A capability that the provider lacks is not tested. */
import assert from "node:assert/strict";
import type { IncomingHttpHeaders } from "node:http";
import type { ErrorCode } from "../../errors.ts";
import {
  type GrowingSample,
  type Grown,
  grow,
  inForce,
  nothingGrown,
  type Statement,
} from "../kit/growing/fold.ts";
import type {
  HandshakeRequest,
  HookAnswer,
  HttpRequest,
  Part,
  PartsRef,
  Provider,
  PushedBody,
  Resource,
  ResourceRef,
  ServedResource,
} from "../provider.ts";
import { isServed } from "../provider.ts";
import { findResource } from "../resource-of.ts";
import type { ExampleReply } from "./example-reply.ts";

export interface ProviderSubject {
  readonly provider: Provider;
  readonly providerUserId: string;
  /** Environment variables that hold credentials. */
  readonly environment: NodeJS.ProcessEnv;
  /** Bodies as the provider sends them, each with the ref that asks for it. Together they make every data type. */
  readonly bodies: readonly { readonly ref: ResourceRef; readonly body: unknown }[];
  /** For OAuth: the examples by the name of the consent. */
  readonly consents?: Readonly<Record<string, ConsentExamples>>;
  /** For a pasted key: the exchange of a key for a token. */
  readonly key?: KeyExamples;
  readonly notifications?: NotificationExamples;
  /** For a subscription made by calls: makes a new server, which remembers its requests. */
  readonly subscriptionServer?: () => (request: HttpRequest) => ExampleReply;
  /** For resources with pages: all pages of one answer, in their order. */
  readonly pages?: readonly { readonly ref: ResourceRef; readonly replies: readonly ExampleReply[] }[];
  /** Answers with a meaning of the provider's own, such as an error inside HTTP 200. */
  readonly failures?: readonly FailureExample[];
  /** The examples of uploads by the name of the format. */
  readonly uploads?: Readonly<Record<string, UploadExamples>>;
}

/** The tokens that the provider issues; null for a field that its answer leaves out. */
export interface IssuedTokens {
  readonly accessToken: string;
  readonly refreshToken: string | null;
  readonly expiresInSeconds: number | null;
  readonly scopes: readonly string[] | null;
}

export interface TokenExamples {
  /**
   * Returns the provider's answers when it issues these tokens to its person, in the order of the calls; null where it
   * never answers in this form.
   */
  issue(tokens: IssuedTokens, grantedFor: "code" | "refresh-token" | "key"): readonly ExampleReply[] | null;
  /** The provider's answer to a code, a refresh token or a key that it refuses. */
  readonly refusal: ExampleReply;
}

export interface KeyExamples extends TokenExamples {
  /** Set where the key itself is sent with each call, and `issue` only names the person. */
  readonly isToken?: true;
}

export interface ConsentExamples extends TokenExamples {
  /** How the client authenticates when it asks for tokens. */
  readonly clientAuthentication: "basic" | "body";
  /** For a consent that registers people: the answers for a new person, and for a registered one. */
  readonly register?: { readonly done: readonly ExampleReply[]; readonly known: readonly ExampleReply[] };
  /** For a consent that can be revoked: the answers for a known person, and for one who has already left. */
  readonly revoke?: { readonly done: readonly ExampleReply[]; readonly gone: readonly ExampleReply[] };
}

export interface NotificationExamples {
  /** A ping, where the provider sends one. */
  readonly ping?: string;
  /** Notifications about a person. */
  readonly data: readonly string[];
  /** Bodies with several statements, perhaps about several people, and their meanings in the same order. */
  readonly several?: readonly {
    readonly body: string;
    readonly says: readonly { readonly kind: string; readonly providerUserId?: string }[];
  }[];
  /** An unknown event, where notifications name their event and new names may come. */
  readonly unknown?: string;
  readonly invalid: readonly string[];
  /** Absent where the provider does not sign. */
  readonly signing?: SigningExamples;
  /** Requests that test our address; absent where the provider sends none. */
  readonly handshake?: HandshakeExamples;
}

export interface SigningExamples {
  /** The proof: our subscription's secret, the client's own in the settings, or a published key. */
  readonly by: "subscription" | "client" | "public-key";
  /** Whether the signature covers the body. It does not where the sender merely shows a token. */
  readonly coversBody: boolean;
  /** Whether the signature covers the time of sending. */
  readonly coversTime: boolean;
  /** Returns the headers that the provider would send. `secret` is the subscription's. */
  headers(
    body: Buffer,
    sending: { readonly secret: string; readonly sentAt: Date },
  ): IncomingHttpHeaders | Promise<IncomingHttpHeaders>;
  /** The provider's answer to a request for its public keys. */
  readonly publishedKeys?: ExampleReply;
}

export interface HandshakeExamples {
  /** A genuine test; `challenge` is the text that has to come back, where the provider demands one. */
  genuine(challenge: string): HandshakeExample;
  answer(challenge: string): HookAnswer;
  /** Tests without the right header or token, which must be refused. */
  readonly refused: readonly HandshakeExample[];
  /** Requests that are no test. */
  readonly others: readonly HandshakeExample[];
}

export interface HandshakeExample {
  readonly method: HandshakeRequest["method"];
  readonly query?: Readonly<Record<string, string>>;
  readonly headers?: IncomingHttpHeaders;
  readonly body?: string;
}

export interface FailureExample {
  readonly api: string;
  readonly reply: ExampleReply;
  readonly code: ErrorCode;
}

export interface UploadExamples {
  readonly headers?: IncomingHttpHeaders;
  /** Bodies with data or deletions. */
  readonly good: readonly (string | Buffer)[];
  readonly invalid: readonly (string | Buffer)[];
}

export type ProviderCase = (subject: ProviderSubject) => void | Promise<void>;

export function resourceOf(provider: Provider, { resource }: ResourceRef): Resource {
  const found = findResource(provider, resource);
  assert(found, `resource ${resource} is declared`);
  return found;
}

export function servedResourceOf(provider: Provider, ref: ResourceRef): ServedResource {
  const resource = resourceOf(provider, ref);
  assert(isServed(resource), `${ref.resource} can be asked for`);
  return resource;
}

/** Returns the parts of all example bodies; those that grow have the items that are in force after all bodies. */
export function partsOfAll({ provider, bodies }: ProviderSubject): Part[] {
  const grown = new Map<string, Part<Grown<GrowingSample>>>();
  const parts: Part[] = [];
  for (const [index, { ref, body }] of bodies.entries()) {
    for (const part of resourceOf(provider, ref).parts(ref.key, body)) {
      if (resourceOf(provider, part).growing === undefined) parts.push(part);
      else grown.set(`${part.resource} ${part.key}`, withStatement(grown, part, index + 1));
    }
  }
  return [...parts, ...[...grown.values()].map((part) => ({ ...part, value: inForce(part.value) }))];
}

function withStatement(
  grown: ReadonlyMap<string, Part<Grown<GrowingSample>>>,
  { resource, key, value }: Part,
  order: number,
): Part<Grown<GrowingSample>> {
  const before = grown.get(`${resource} ${key}`)?.value ?? nothingGrown;
  return { resource, key, value: grow(before, { ...(value as Statement<GrowingSample>), order }) };
}

/** Returns what the ledger of a part is about: for a part that grows, its items. */
export const ledgerValue = ({ growing }: Resource, { value }: Part): unknown =>
  growing === undefined ? value : { samples: value };

/** Asserts that a pushed body belongs to a declared resource and has parts. */
export function assertSplits(provider: Provider, { body, ...ref }: PushedBody): void {
  const parts = resourceOf(provider, ref).parts(ref.key, body);
  assert(parts.length > 0, `${ref.resource} ${ref.key} has parts`);
  for (const part of parts) assertNamed(provider, part);
}

/** Asserts that a part, or a reference to parts, names a declared resource and has a key. */
export function assertNamed(provider: Provider, part: PartsRef): void {
  assert(resourceOf(provider, part) && part.key.length > 0, `${part.resource} "${part.key}"`);
}
