/** The contract of a store for large bodies: a directory, or an object store that several processes share. */

/** A body as a file on this machine. Disposing of it removes the file if it was made for this reading. */
export interface LocalBody extends AsyncDisposable {
  readonly file: string;
}

export interface BodyStore {
  /** The directory for files that are being received. It is on the disk of the stored bodies, if those are files. */
  readonly incoming: string;
  /** Stores a file durably under a key; the file may be gone afterwards. */
  put(key: string, file: string): Promise<void>;
  /** Returns the body as a file; null where there is none. */
  open(key: string): Promise<LocalBody | null>;
  /** Removes a body, if it is there. */
  remove(key: string): Promise<void>;
}

/** The length from which a body is kept outside of the database. */
export const largeBody = 8 * 1024 * 1024;
