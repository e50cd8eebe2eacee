/**
 * What an object store has to be able to do to keep events. Layout, names, newest-wins, compression and the
 * check are the same for all of them and are built on these few calls (sender.ts).
 *
 * Every call throws a DeliveryError that says what its failure means; whatever else is thrown is taken for a
 * failure of the network. An aborted signal ends the call, and what was not written whole is not there.
 */

export type Compression = "none" | "gzip" | "zstd";

export interface NewObject {
  readonly key: string;
  readonly body: Buffer;
  /** `Content-Encoding`; null where the body is plain. `Content-Type` is `application/json` always. */
  readonly encoding: Exclude<Compression, "none"> | null;
  /** Names are lower-case letters and digits, values printable ASCII; less than 2 kB in all. */
  readonly metadata: Readonly<Record<string, string>>;
}

/**
 * `absent`: only where nothing has this key. `over`: only over this very version. `impossible`: over a version
 * that no object has; it asks whether the store looks at conditions at all.
 */
export type PutCondition = "always" | "absent" | "impossible" | { readonly over: string };

/** An object that is there, without its content. */
export interface FoundObject {
  /** Changes with every write: an ETag, a generation. */
  readonly version: string;
  readonly metadata: Readonly<Record<string, string>>;
}

export interface ObjectStore {
  /** Writes whole or not at all. "conflict": the condition does not hold, nothing was written. */
  put(object: NewObject, condition: PutCondition, signal: AbortSignal): Promise<"written" | "conflict">;
  /** Null where nothing has the key. */
  head(key: string, signal: AbortSignal): Promise<FoundObject | null>;
  /** Fine where nothing has the key, or with `version` where something else has it by now. */
  remove(key: string, signal: AbortSignal, version?: string): Promise<void>;
  /** Whether the store has to be tried first for whether it looks at conditions; it is, before the first delivery. */
  readonly conditionsUnknown?: boolean;
  /** An address from which anybody can read the object for so long. Absent where the credentials cannot sign. */
  sign?(key: string, expiresInSeconds: number): Promise<string>;
  /** Ends every connection. Called once. */
  close(): Promise<void>;
}
