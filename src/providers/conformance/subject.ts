/** One provider with its examples, which the cases judge. A capability that the provider has not is not judged. */
import assert from "node:assert/strict";
import type { IncomingHttpHeaders } from "node:http";
import type { ErrorCode } from "../../errors.ts";
import type {
  HandshakeRequest,
  HookAnswer,
  HttpRequest,
  PartsRef,
  Provider,
  PushedBody,
  Resource,
  ResourceRef,
  ServedResource,
} from "../provider.ts";
import { isServed } from "../provider.ts";
import type { ExampleReply } from "./example-reply.ts";

export interface ProviderSubject {
  readonly provider: Provider;
  readonly providerUserId: string;
  /** Environment variables that hold credentials. */
  readonly environment: NodeJS.ProcessEnv;
  /** Bodies as the provider sends them, each with the ref it answers; together they make every data type. */
  readonly bodies: readonly { readonly ref: ResourceRef; readonly body: unknown }[];
  /** For OAuth: by the name of the consent. */
  readonly consents?: Readonly<Record<string, ConsentExamples>>;
  /** For a pasted key: the exchange of a key for a token. */
  readonly key?: TokenExamples;
  readonly notifications?: NotificationExamples;
  /** For a subscription that is made by calls: a new server, which remembers what it was asked. */
  readonly subscriptionServer?: () => (request: HttpRequest) => ExampleReply;
  /** For resources whose answers have pages: all pages of one answer, in their order. */
  readonly pages?: readonly { readonly ref: ResourceRef; readonly replies: readonly ExampleReply[] }[];
  /** Answers that mean something of the provider's own, such as an error inside HTTP 200. */
  readonly failures?: readonly FailureExample[];
  /** By the name of the format. */
  readonly uploads?: Readonly<Record<string, UploadExamples>>;
}

/** Tokens that the provider issues; null for what its answer leaves out. */
export interface IssuedTokens {
  readonly accessToken: string;
  readonly refreshToken: string | null;
  readonly expiresInSeconds: number | null;
  readonly scopes: readonly string[] | null;
}

export interface TokenExamples {
  /**
   * The provider's answers when it issues these tokens to its person, in the order of the calls; null where it never
   * answers in this form.
   */
  issue(tokens: IssuedTokens, grantedFor: "code" | "refresh-token" | "key"): readonly ExampleReply[] | null;
  /** Its answer to a code, a refresh token or a key that it refuses. */
  readonly refusal: ExampleReply;
}

export interface ConsentExamples extends TokenExamples {
  /** How the client proves who it is, when it asks for tokens. */
  readonly clientAuthentication: "basic" | "body";
  /** For a consent that registers people: the answers for a new person, and for one who is known. */
  readonly register?: { readonly done: readonly ExampleReply[]; readonly known: readonly ExampleReply[] };
  /** For a consent that can be given back: the answers for a person who is there, and for one who has gone. */
  readonly revoke?: { readonly done: readonly ExampleReply[]; readonly gone: readonly ExampleReply[] };
}

export interface NotificationExamples {
  /** Where the provider has one. */
  readonly ping?: string;
  /** Each says something about somebody. */
  readonly data: readonly string[];
  /** Bodies that say several things, perhaps about several people, with what they say in its order. */
  readonly several?: readonly {
    readonly body: string;
    readonly says: readonly { readonly kind: string; readonly providerUserId?: string }[];
  }[];
  /** Where its notifications name what happened, and may name something new. */
  readonly unknown?: string;
  readonly invalid: readonly string[];
  /** Absent where the provider signs nothing. */
  readonly signing?: SigningExamples;
  /** Requests that test our address; absent where the provider makes none. */
  readonly handshake?: HandshakeExamples;
}

export interface SigningExamples {
  /** What it is proven by: our subscription's secret, the client's own in the settings, or a key that is published. */
  readonly by: "subscription" | "client" | "public-key";
  /** Whether the bytes of the body are signed; not so for a token that the sender merely shows. */
  readonly coversBody: boolean;
  /** Whether the time of sending is signed. */
  readonly coversTime: boolean;
  /** The headers that the provider would send. `secret` is the subscription's. */
  headers(
    body: Buffer,
    sending: { readonly secret: string; readonly sentAt: Date },
  ): IncomingHttpHeaders | Promise<IncomingHttpHeaders>;
  /** The provider's answer when its public keys are asked for. */
  readonly publishedKeys?: ExampleReply;
}

export interface HandshakeExamples {
  /** A genuine test; `challenge` is what has to come back, where something has. */
  genuine(challenge: string): HandshakeExample;
  answer(challenge: string): HookAnswer;
  /** Tests without the right header or token. */
  readonly refused: readonly HandshakeExample[];
  /** Requests that test nothing. */
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
  /** Bodies that bring data or deletions. */
  readonly good: readonly (string | Buffer)[];
  readonly invalid: readonly (string | Buffer)[];
}

export type ProviderCase = (subject: ProviderSubject) => void | Promise<void>;

export function resourceOf({ resources }: Provider, { resource }: ResourceRef): Resource {
  const found = resources.find(({ name }) => name === resource);
  assert(found, `resource ${resource} is declared`);
  return found;
}

export function servedResourceOf(provider: Provider, ref: ResourceRef): ServedResource {
  const resource = resourceOf(provider, ref);
  assert(isServed(resource), `${ref.resource} can be asked for`);
  return resource;
}

export const consentsOf = ({ connecting }: Provider) =>
  connecting.kind === "oauth" ? connecting.consents : [];

/** Asserts that a body that came by itself is one of a declared resource, with parts. */
export function assertSplits(provider: Provider, { body, ...ref }: PushedBody): void {
  const parts = resourceOf(provider, ref).parts(ref.key, body);
  assert(parts.length > 0, `${ref.resource} ${ref.key} has parts`);
  for (const part of parts) assertNamed(provider, part);
}

/** Asserts that a part, or what names some, is of a declared resource and has a key. */
export function assertNamed(provider: Provider, part: PartsRef): void {
  assert(resourceOf(provider, part) && part.key.length > 0, `${part.resource} "${part.key}"`);
}
