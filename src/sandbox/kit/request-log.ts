/** One call to a path of the provider's. Authorization headers and bodies are never kept. */
export interface LoggedRequest {
  method: string;
  /** With its query. */
  path: string;
  /** Null while the answer is on its way. */
  status: number | null;
  /** On the sandbox's clock. */
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
