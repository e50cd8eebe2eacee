/** One call to a path of the provider's. Authorization headers and bodies are never stored. */
export interface LoggedRequest {
  method: string;
  /** The path with its query. */
  path: string;
  /** Null until the answer is sent. */
  status: number | null;
  /** The time on the sandbox's clock. */
  at: string;
  user_id: number | string | null;
}

const KEPT = 2000;

export class RequestLog {
  #entries: LoggedRequest[] = [];

  add(entry: LoggedRequest): LoggedRequest {
    this.#entries.push(entry);
    if (this.#entries.length > KEPT) this.#entries.shift();
    return entry;
  }

  all(): readonly LoggedRequest[] {
    return this.#entries;
  }

  clear(): void {
    this.#entries = [];
  }
}
