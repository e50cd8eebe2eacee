/**
 * The few calls of an object store. Layout, names, newest-wins, compression and the check are the same for all
 * stores and are built on these calls (sender.ts).
 *
 * Every call throws a DeliveryError that tells the meaning of its failure; any other error is taken for a failure
 * of the network. An aborted signal ends the call; an object that was not written whole does not exist.
 */

export type Compression = "none" | "gzip" | "zstd";

export interface NewObject {
  readonly key: string;
  readonly body: Buffer;
  readonly contentType: string;
  /** `Content-Encoding`; null where the body is plain. */
  readonly encoding: Exclude<Compression, "none"> | null;
  /** Names are lower-case letters and digits, values printable ASCII; less than 2 kB in all. */
  readonly metadata: Readonly<Record<string, string>>;
}

/**
 * `absent`: only where nothing has this key. `over`: only over this version. `impossible`: over a version that no
 * object has, to find out whether the store obeys conditions at all.
 */
export type PutCondition = "always" | "absent" | "impossible" | { readonly over: string };

/** An existing object, without its content. */
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
  /** Succeeds where nothing has the key, and with `version` where another version has it by now. */
  remove(key: string, signal: AbortSignal, version?: string): Promise<void>;
  /** Whether it is unknown that the store obeys conditions. Then it is tried before the first delivery. */
  readonly conditionsUnknown?: boolean;
  /** Returns an address from which anybody can read the object for so long. Absent where the credentials cannot sign. */
  sign?(key: string, expiresInSeconds: number): Promise<string>;
  /** Ends every connection. Called once. */
  close(): Promise<void>;
}
