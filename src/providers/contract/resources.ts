/** What a provider's API serves, and how its bodies fall into parts. */
import type { Ledger } from "../ledger.ts";
import type { ProviderRequest, ProviderResponse } from "./apis.ts";

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

/** One item of a raw body: the smallest thing a record is made of (an exercise, a night, a day). */
export interface Part<Value = unknown> extends ResourceRef {
  readonly value: Value;
  /** The leaves that could not be read, as ledgers write paths: they are null in the value, or left out of it. */
  readonly unreadable?: readonly string[];
  /** Of its value, where it has been worked out already. */
  readonly contentHash?: Uint8Array;
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

/** One kind of thing that a provider serves or is pushed to us. `Value` is what one part of it holds. */
export interface Resource<Value = unknown> {
  readonly name: string;
  /** Which of the provider's APIs serves it, with its version: "activity-v2". Absent where it is only pushed. */
  readonly api?: string;
  /** What becomes of each leaf of its bodies. */
  readonly ledger: Ledger;
  /** The scope without which it is not asked for. */
  readonly scope?: string;
  /** Null for what is only ever asked for by name, or pushed. */
  readonly discovery: Discovery | null;
  /**
   * Absent where it is only pushed.
   * @throws SystoleError NOTIFICATION_BODY_INVALID when the key is not one this resource has.
   */
  request?(key: string, providerUserId: string): ProviderRequest;
  /** The request for the page after this one; null after the last. Each page is kept and split by itself. */
  nextPage?(request: ProviderRequest, response: ProviderResponse): ProviderRequest | null;
  /**
   * What has to be fetched first because this resource's own keys are in its answer: the things to fetch next,
   * from a part of the other resource.
   */
  readonly after?: { readonly resource: string; refs(part: Part): readonly ResourceRef[] };
  /** Reads a body as it was received. @throws ProviderError PROVIDER_BODY_INVALID */
  decode(body: Buffer): unknown;
  /**
   * Splits a decoded body into its parts and validates them. Most bodies are one part; lists are many.
   * @throws ProviderError PROVIDER_BODY_INVALID, with the path of what is wrong in its details; a
   * PartlyReadableError when other items of the list can be read.
   */
  parts(key: string, body: unknown): readonly Part[];
  /** The day of a part, or its local time, as text that sorts; null for what has none. */
  timeOf?(part: Part<Value>): string | null;
  /** For an index: what it lists. */
  entries?(body: unknown): readonly IndexEntry[];
  /** For what an index lists: how the index would describe this part. */
  fingerprint?(part: Part<Value>): string;
  /** What else to fetch when a part is new or has changed: an exercise's files. They may well not be there. */
  followUps?(part: Part<Value>): readonly ResourceRef[];
}

/** A resource that an API serves. */
export interface ServedResource<Value = unknown> extends Resource<Value> {
  readonly api: string;
  request(key: string, providerUserId: string): ProviderRequest;
}

export const isServed = (resource: Resource): resource is ServedResource =>
  resource.api !== undefined && resource.request !== undefined;
