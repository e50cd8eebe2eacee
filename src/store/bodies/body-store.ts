/** The contract of a store for bodies outside of the database: a directory, or an object store that several processes share. */

/** A body as a file on this machine. Disposing of it removes the file if it was made for this reading. */
export interface LocalBody extends AsyncDisposable {
  readonly file: string;
}

export interface BodyStore {
  /** The directory for files that are being received. It is on the disk of the stored bodies, if those are files. */
  readonly incoming: string;
  /** Stores a file durably under a key; the file may be gone afterwards. */
  put(key: string, file: string): Promise<void>;
  /** Stores bytes durably under a key. */
  write(key: string, bytes: Buffer): Promise<void>;
  /** Returns the body as a file; null where there is none. */
  open(key: string): Promise<LocalBody | null>;
  /** Returns the body's bytes; null where there is none. For bodies of rows, which fit in memory. */
  read(key: string): Promise<Buffer | null>;
  /** Removes a body, if it is there. */
  remove(key: string): Promise<void>;
  /** Lists the keys that begin with this text. */
  list(prefix: string): AsyncIterable<string>;
}

/** The length from which an uploaded body is kept outside of the database, whatever the body store. */
export const largeBody = 8 * 1024 * 1024;
