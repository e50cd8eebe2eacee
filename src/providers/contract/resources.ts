/** Resources: the kinds of data that a provider's API serves, and how their bodies are split into parts. */
import type { Ledger } from "../ledger.ts";
import type { ProviderRequest, ProviderResponse } from "./apis.ts";

/** Names one thing to fetch: which resource, and which one of it (an id, a date, "current"). */
export interface ResourceRef {
  readonly resource: string;
  readonly key: string;
}

/**
 * Names parts: the one with this key or, with `prefix`, all whose keys begin with it; with `suffix`, all whose keys end
 * with it. Records name their parts without `suffix`: it is for deletions, which may know only a thing's id.
 */
export interface PartsRef extends ResourceRef {
  readonly prefix?: true;
  readonly suffix?: true;
}

/** Tells whether a reference to parts names this one. */
export const isNamedBy = (ref: PartsRef, { resource, key }: ResourceRef): boolean =>
  resource === ref.resource &&
  (ref.prefix ? key.startsWith(ref.key) : ref.suffix ? key.endsWith(ref.key) : key === ref.key);

/** Returns the id at the end of a key, after its last slash; null where the key has no slash. */
export const ownIdOf = (key: string): string | null => {
  const slash = key.lastIndexOf("/");
  return slash === -1 ? null : key.slice(slash + 1);
};

/** One item of a raw body: the smallest thing a record is made of (an exercise, a night, a day). */
export interface Part<Value = unknown> extends ResourceRef {
  readonly value: Value;
  /** The leaves that could not be read, with paths as in ledgers. They are null in the value, or left out of it. */
  readonly unreadable?: readonly string[];
  /** The hash of the value, where it has been computed already. */
  readonly contentHash?: Uint8Array;
}

/** How often a resource without notifications is asked for. Without it, its interval follows from what is found. */
export interface Polling {
  /**
   * The interval in milliseconds after something new was found; a quarter less at random. Each look asks for today and
   * yesterday, whatever the person's zone, or for as many days as one call takes.
   */
  readonly everyMs: number;
  /** The interval to which it grows while nothing new is found; it does not grow when this is absent. */
  readonly quietMs?: number;
  /** How many days the first look of a UTC day asks for again, today included: late data and edits. */
  readonly rereadDays: number;
  /** The same for the first look of a week; as on every day when absent. */
  readonly weeklyRereadDays?: number;
}

/** A list of the days that have data, cheaper than the days themselves. It is asked for by ranges of days. */
export interface DayIndex {
  readonly resource: string;
  /** The largest number of days in one call. */
  readonly daysPerCall: number;
  /** Returns the key that asks for these days, both included. */
  key(from: string, to: string): string;
  /** Whether the fingerprints of its entries change with the things. Otherwise it only tells that there are things. */
  readonly tellsChanges: boolean;
}

/** The end of a person's older data, for a provider that does not say how far back it goes. */
export interface HistoryEnd {
  /** So many windows in a row without data are the end. */
  readonly emptyWindows: number;
  readonly windowDays: number;
}

/** How things are found that no notification has named. */
export interface Discovery {
  /** Whether notifications name new things. Otherwise they are only found by asking. */
  readonly announced: boolean;
  /**
   * An API whose notifications name new things of this resource as well. Where a connection has that API, the resource
   * counts as announced; elsewhere it is polled.
   */
  readonly announcedBy?: string;
  /** How many days back the provider answers, today included. */
  readonly reachDays: number;
  /** The largest number of days in one call. */
  readonly daysPerCall: number;
  /**
   * Returns the key that asks for these days, both included. Where the provider takes no dates, always the same key.
   */
  key(from: string, to: string): string;
  /** A list that is cheaper to fetch than the things themselves; null where there is none. */
  readonly index: ResourceRef | null;
  /** The same by ranges of days: older days are asked for only where it names something. */
  readonly dayIndex?: DayIndex;
  readonly polling?: Polling;
  /** Set where only empty answers show how far back the data goes; `reachDays` is then the most to ask for. */
  readonly history?: HistoryEnd;
  /**
   * The statuses that say that the person's account has no such resource at all, or that their permission does not cover
   * it. They count only in answers to what `key` asks for: an answer about one thing by its name says nothing of the
   * others.
   */
  readonly unavailable?: readonly number[];
}

/** One line of an index: a thing that exists, and its fingerprint. */
export interface IndexEntry extends ResourceRef {
  /** Changes when the thing changes. The same text as the resource's `fingerprint` returns for the thing itself. */
  readonly fingerprint: string;
  /** The key to fetch it by, where that is not its own: its day, where things are served by days. */
  readonly askedAs?: string;
}

/**
 * A resource whose parts grow: each is folded from what many bodies say of it (`kit/growing/fold.ts`). Its parts come
 * out of the bodies of other resources, and their value is then a `Statement`; several of one body may have one key.
 * Normalisers, `affects` and `companions` get the part with the items that are in force, in order of time. Its ledger
 * is about `{ samples: items }`.
 */
export interface Growing {
  /**
   * Returns the parts whose records this one belongs to as well, such as the workouts around the samples of a day. When
   * it changes, `affects` is asked about those of them that exist.
   */
  companions?(part: Part<readonly unknown[]>): readonly PartsRef[];
  /** Set where every record of the person depends on its parts, such as their time zone: a change makes all anew. */
  readonly concernsAll?: true;
}

/** The means that the reader of a file gets. */
export interface FileReading {
  /** A directory for what is sorted on disk. It may exist already, and then has what an earlier try wrote. */
  readonly directory: string;
  /** Called often, while the file itself is read. */
  progress(progress: FileProgress): void;
}

export interface FileProgress {
  /** The bytes that were read, after unpacking. */
  readonly bytes: number;
  /** The bytes that there are; null where only reading all of them tells. */
  readonly ofBytes: number | null;
  readonly records: number;
}

/**
 * The key of a statement about whichever part has an item: a deletion by an id alone, where nothing says in which part
 * the item is. It holds for items that come later, too.
 */
export const anyPart = "*";

/** One kind of data that a provider serves or pushes. `Value` is the type of one part. */
export interface Resource<Value = unknown> {
  readonly name: string;
  /** The name of the API that serves it, with its version: "activity-v2". Absent where the resource is only pushed. */
  readonly api?: string;
  /** Says what becomes of each leaf of its bodies. */
  readonly ledger: Ledger;
  /** Set where its parts grow. It then has no bodies of its own. */
  readonly growing?: Growing;
  /** The scope without which it is not fetched. */
  readonly scope?: string;
  /**
   * Set where a thing can move between records, as a nap that turns out to belong to the next day: its keys then end
   * with a slash and its own id. A part of one id takes the place of the parts with the same id and other keys, and
   * notifications name the id alone.
   */
  readonly endsWithId?: true;
  /** Null for a resource that is only fetched by name, or pushed. */
  readonly discovery: Discovery | null;
  /**
   * Returns the request for a key. Absent where the resource is only pushed.
   *
   * @throws SystoleError NOTIFICATION_BODY_INVALID when the resource has no such key
   */
  request?(key: string, providerUserId: string): ProviderRequest;
  /**
   * Returns the request for the page after this one; null after the last. Each page is stored and split by itself. Not
   * called after an empty answer (204) whose headers name no page.
   */
  nextPage?(request: ProviderRequest, response: ProviderResponse): ProviderRequest | null;
  /** The number of pages beyond which they are taken for pages that never end; 1,000 when absent. */
  readonly mostPages?: number;
  /**
   * The resource to fetch first, because its answers contain this resource's keys. `refs` returns the things to fetch
   * next, from a part of that other resource.
   */
  readonly after?: { readonly resource: string; refs(part: Part): readonly ResourceRef[] };
  /** Parses a body as received. @throws ProviderError PROVIDER_BODY_INVALID */
  decode(body: Buffer): unknown;
  /**
   * Splits a decoded body into its parts and validates them. Most bodies are one part; lists are many.
   *
   * @throws ProviderError PROVIDER_BODY_INVALID with the path of each fault in its details; PartlyReadableError when
   * other items of the list can be read
   */
  parts(key: string, body: unknown): readonly Part[];
  /**
   * Reads a body that may be larger than memory from a file, and yields its parts in batches. It is used instead of
   * `decode` and `parts`, and may be called again for the same body: to continue after a stop, when it yields the same
   * batches if the directory is still there, or to make all parts anew. It runs in a worker thread.
   *
   * @throws ProviderError as `parts`; what was yielded before stands
   */
  partsOfFile?(key: string, file: string, reading: FileReading): AsyncIterable<readonly Part[]>;
  /** Returns the day of a part, or its local time, as text that sorts; null when it has none. */
  timeOf?(part: Part<Value>): string | null;
  /** For an index: returns its lines. */
  entries?(body: unknown): readonly IndexEntry[];
  /** For a resource with an index: returns the fingerprint that the index would give this part. */
  fingerprint?(part: Part<Value>): string;
  /** Returns what else to fetch when a part is new or has changed, such as an exercise's files. They may not exist. */
  followUps?(part: Part<Value>): readonly ResourceRef[];
  /**
   * The format of a file of which a thing may have several that say mostly the same: "fit", "tcx". The operator may
   * choose the formats that are kept (SYSTOLE_KEEP_FILES).
   */
  readonly fileFormat?: string;
}

/** A resource that an API serves. */
export interface ServedResource<Value = unknown> extends Resource<Value> {
  readonly api: string;
  request(key: string, providerUserId: string): ProviderRequest;
}

/** Tells whether the resource can be fetched; others are only pushed. */
export const isServed = (resource: Resource): resource is ServedResource =>
  resource.api !== undefined && resource.request !== undefined;
