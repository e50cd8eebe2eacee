/**
 * The contract of a provider plugin: one declaration that the API, the connect page, ingest and the
 * docs all read. Nothing outside `src/providers/<slug>/` names a provider.
 */
import type { IncomingHttpHeaders } from "node:http";
import type { LookupFunction } from "node:net";
import type { z } from "zod";
import type { ErrorCode, ErrorDetails } from "../errors.ts";
import { SystoleError } from "../errors.ts";
import type { DataType } from "../models/index.ts";
import type { Ledger } from "./ledger.ts";

/**
 * The provider answered badly or not at all. `retry` is decided where the cause is known; ingest only
 * obeys: "later" fetches again with backoff (not before `retryAfterMs`), "never" gives up visibly.
 */
export class ProviderError extends SystoleError {
  readonly retry: "later" | "never";
  readonly retryAfterMs: number | null;
  /** What the refusal said about the provider's limits; null when it said nothing. */
  readonly rateLimit: RateLimitReading | null;

  constructor(
    code: ErrorCode,
    retry: "later" | "never",
    details: ErrorDetails & { readonly status?: number },
    options: ErrorOptions & {
      readonly retryAfterMs?: number;
      readonly rateLimit?: RateLimitReading | null;
    } = {},
  ) {
    super(code, details, options);
    this.name = "ProviderError";
    this.retry = retry;
    this.retryAfterMs = options.retryAfterMs ?? null;
    this.rateLimit = options.rateLimit ?? null;
  }
}

/** Some items of a list cannot be read, the others can: one bad workout must not cost a month of good ones. */
export class PartlyReadableError extends ProviderError {
  readonly readable: readonly Part[];

  constructor(first: ProviderError, readable: readonly Part[]) {
    super(first.code, first.retry, first.details, { cause: first });
    this.name = "PartlyReadableError";
    this.readable = readable;
  }
}

/** What a provider gave us for one person. Sealed at rest. */
export interface Grant {
  /** Which of the provider's APIs it opens: the name that resources give. */
  readonly api: string;
  readonly accessToken: string;
  readonly refreshToken: string | null;
  /** When the access token ends by the provider's own word; null when it does not say. */
  readonly expiresAt: Date | null;
  readonly providerUserId: string;
  /** Space-separated scopes as granted; null when the provider does not say. */
  readonly scopes: string | null;
}

/** Names one thing to fetch: which resource, and which one of it (an id, a date, "current"). */
export interface ResourceRef {
  readonly resource: string;
  readonly key: string;
}

/** Names parts that belong to a record: the one of this key or, by `prefix`, all whose keys begin with it. */
export interface PartsRef extends ResourceRef {
  readonly prefix?: true;
}

export const isNamedBy = (ref: PartsRef, { resource, key }: ResourceRef): boolean =>
  resource === ref.resource && (ref.prefix ? key.startsWith(ref.key) : key === ref.key);

/** A request as it is kept with its raw payload. The access token is never part of it. */
export interface ProviderRequest {
  readonly method: "GET";
  /** Path and query below the provider's API URL, e.g. `/v3/users/sleep/2025-10-01`. */
  readonly path: string;
  /** The media type to ask for; JSON when absent. */
  readonly accept?: string;
}

/** One window of a provider's limits as it stands: calls made, calls allowed, when it begins anew. */
export interface RateWindow {
  readonly used: number;
  readonly limit: number;
  readonly resetMs: number;
}

/** The windows in the order of the API's `rateLimits`. */
export type RateLimitReading = readonly RateWindow[];

/** A limit on the calls of one client, all its users together, until the provider's own words are known. */
export interface RateLimitRule {
  readonly name: string;
  readonly lengthMs: number;
  readonly callsOfClient: number;
  readonly callsPerUser: number;
}

export interface ProviderResponse {
  readonly status: number;
  readonly contentType: string | null;
  /** What the provider said about its limits along with this answer, where it said anything. */
  readonly rateLimit?: RateLimitReading | null;
  /** Byte for byte as received after content decoding; empty for 204. */
  readonly body: Buffer;
}

/** One item of a raw body: the smallest thing a record is made of (an exercise, a night, a day). */
export interface Part extends ResourceRef {
  readonly value: unknown;
  /** The leaves that could not be read, as ledgers write paths: they are null in the value, or left out of it. */
  readonly unreadable?: readonly string[];
  /** Of its value, where it has been worked out already. */
  readonly contentHash?: Uint8Array;
}

/** Identity of a record within a connection: Terra's natural key. */
export interface RecordRef {
  readonly type: DataType;
  readonly naturalKey: string;
}

/** How things are found without being told of them. */
export interface Discovery {
  /** Whether notifications name what is new; the others are only ever found by asking. */
  readonly announced: boolean;
  /** How many days back the provider answers, today included. */
  readonly reachDays: number;
  /** The most days that one call may span. */
  readonly daysPerCall: number;
  /** The key that asks for these days, both included; where the provider takes no dates, one key for all. */
  key(from: string, to: string): string;
  /** A list that is cheaper than the things themselves; null where there is none. */
  readonly index: ResourceRef | null;
}

/** One line of an index: something that is there, and what it looks like. */
export interface IndexEntry extends ResourceRef {
  /** Differs when the thing has changed. The same text as `fingerprint` makes of the thing itself. */
  readonly fingerprint: string;
}

/** One kind of thing the provider's API serves. */
export interface Resource {
  readonly name: string;
  /** Which of the provider's APIs serves it, with its version: "accesslink-v3". */
  readonly api: string;
  /** What becomes of each leaf of its bodies. */
  readonly ledger: Ledger;
  /** Null for what is only ever asked for by name. */
  readonly discovery: Discovery | null;
  /** @throws SystoleError NOTIFICATION_BODY_INVALID when the key is not one this resource has. */
  request(key: string, providerUserId: string): ProviderRequest;
  /** Reads a body as it was received. @throws ProviderError PROVIDER_BODY_INVALID */
  decode(body: Buffer): unknown;
  /**
   * Splits a decoded body into its parts and validates them. Most bodies are one part; lists are many.
   * @throws ProviderError PROVIDER_BODY_INVALID, with the path of what is wrong in its details; a
   * PartlyReadableError when other items of the list can be read.
   */
  parts(key: string, body: unknown): readonly Part[];
  /** The day of a part, or its local time, as text that sorts; null for what has none. */
  timeOf?(part: Part): string | null;
  /** For an index: what it lists. */
  entries?(body: unknown): readonly IndexEntry[];
  /** For what an index lists: how the index would describe this part. */
  fingerprint?(part: Part): string;
  /** What else to fetch when a part is new or has changed: an exercise's files. They may well not be there. */
  followUps?(part: Part): readonly ResourceRef[];
}

/** Builds one record type from the parts that belong to the same natural key. Pure: no I/O, no clock. */
export interface Normalizer {
  readonly type: DataType;
  /** The records that a part takes part in. */
  affects(part: Part): readonly RecordRef[];
  /** The parts a record is made of; those that were never fetched are simply absent below. */
  partsOf(naturalKey: string): readonly PartsRef[];
  /**
   * The whole record, or null when the parts there are do not make one yet (a recharge without its night).
   * Parts come in the order of `partsOf`, those of one prefix by their keys; absent ones are left out. Where the model has a `summary_id` the natural key
   * stands in it; what the record is known by outside is put there when it is kept.
   */
  normalize(parts: readonly Part[]): unknown;
  /**
   * Whether the natural keys are the provider's own ids of its records, the same for nobody else of its people. They
   * are then the records' `summary_id`; otherwise one is made that is no other person's.
   */
  readonly hasOwnIds?: boolean;
}

export type NotificationMeaning =
  /** The provider only asks whether we are there. */
  | { readonly kind: "ping" }
  /** Something is new for a person: fetch these. */
  | {
      readonly kind: "data";
      readonly event: string;
      readonly providerUserId: string;
      /** The first is what was named; the others are its companions, and may well not be there. */
      readonly fetches: readonly ResourceRef[];
    }
  /** Genuine, but nothing this version knows. */
  | { readonly kind: "unknown"; readonly event: string };

export interface Notifications {
  /** Largest body the provider ever sends, with room to spare. */
  readonly maxBytes: number;
  /** Constant-time check of the raw body against every secret that may have signed it. */
  verify(headers: IncomingHttpHeaders, body: Buffer, secrets: readonly string[]): boolean;
  /** @throws SystoleError NOTIFICATION_BODY_INVALID */
  parse(body: Buffer): NotificationMeaning;
}

/** The webhook we hold at the provider. `secret` is only given when it was (re)created by this call. */
export interface Subscription {
  readonly remoteId: string;
  readonly secret: string | null;
  readonly action: "created" | "updated" | "reactivated" | "unchanged";
}

/** A provider bound to one environment's credentials. Every call may throw a ProviderError. */
export interface ProviderClient {
  authorizationUrl(request: { redirectUri: string; state: string }): string;
  /** @throws SystoleError OAUTH_EXCHANGE_FAILED */
  exchangeCode(request: { code: string; redirectUri: string; signal: AbortSignal }): Promise<Grant>;
  /**
   * Makes the person known to the provider under our id; a person already known is no error.
   * @throws SystoleError PROVIDER_REGISTRATION_FAILED
   */
  register(grant: Grant, memberId: string, signal: AbortSignal): Promise<void>;
  /** Ends the provider's permission; a person already gone is no error. */
  revoke(grant: Grant, signal: AbortSignal): Promise<void>;
  /** Answers 200 and 204 bodies; every other answer is a ProviderError. */
  fetch(request: ProviderRequest, grant: Grant, signal: AbortSignal): Promise<ProviderResponse>;
  /**
   * Makes sure the provider's webhook points at `url` and is active. One that is not among `known`, the
   * webhooks whose secrets we hold, is made anew, since a secret is told only once; `expectPing` is called
   * before that, because the provider then tries our address with a secret we do not know yet.
   */
  ensureSubscription(request: {
    url: string;
    known: readonly string[];
    expectPing(): Promise<void>;
    signal: AbortSignal;
  }): Promise<Subscription>;
}

/** What a plugin is lent to reach its provider with. */
export interface ProviderContext {
  /** DNS look-up that refuses private, loopback and link-local addresses unless they are allowed. */
  readonly lookup: LookupFunction;
  /**
   * @throws ProviderError PROVIDER_ADDRESS_PRIVATE for a literal address that is not allowed,
   * PROVIDER_ADDRESS_PLAIN for one without TLS; neither where private addresses are allowed.
   */
  assertUrlAllowed(url: URL): void;
}

/** One of a provider's APIs, whose calls are counted apart from those of the others. */
export interface Api<Settings> {
  /** From the shortest window to the longest. */
  readonly rateLimits: readonly RateLimitRule[];
  /** Whose limits these credentials draw on: the same text for every environment that shares a client. */
  limitedAs(settings: Settings): string;
}

export interface Provider<Settings extends z.ZodType = z.ZodType> {
  /** Terra's name for it, e.g. "POLAR". */
  readonly name: string;
  /** Path segment, e.g. "polar". */
  readonly slug: string;
  readonly displayName: string;
  /** Data types its records can have; reads of others answer DATA_TYPE_UNSUPPORTED. */
  readonly dataTypes: readonly DataType[];
  /** Credentials and addresses. Marks: `.meta({ secret: true })` masks, `.meta({ address: true })` is where secrets go. */
  readonly settings: Settings;
  /** The settings that the process environment gives, or null when it gives no credentials. */
  settingsFromEnvironment(env: NodeJS.ProcessEnv): z.input<Settings> | null;
  readonly notifications: Notifications;
  /** The APIs of its resources, by the names that these give. */
  readonly apis: Readonly<Record<string, Api<z.output<Settings>>>>;
  readonly resources: readonly Resource[];
  readonly normalizers: readonly Normalizer[];
  /** Names the version of the mapping; kept with every record it made. */
  readonly mapperVersion: number;
  /** The addresses among the settings that Systole itself calls. */
  addresses(settings: z.output<Settings>): readonly string[];
  /** Every connection it makes goes through the context's look-up (kit/http.ts does). */
  connect(settings: z.output<Settings>, context: ProviderContext): ProviderClient;
}

/** Keeps the settings' type while checking the declaration. */
export function defineProvider<Settings extends z.ZodType>(provider: Provider<Settings>): Provider<Settings> {
  return provider;
}
