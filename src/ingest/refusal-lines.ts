/** Writes log lines about refused notifications: the first at once, then one a minute with their number. */
import type { Logger } from "../telemetry/log.ts";

const minuteMs = 60_000;

/** The refusals of one provider with one error code. */
export interface RefusalKind {
  readonly provider: string;
  readonly code: string;
}

interface Unwritten {
  count: number;
  traceId: string;
  readonly timer: NodeJS.Timeout;
}

export class RefusalLines {
  readonly #log: Logger;
  readonly #everyMs: number;
  readonly #unwritten = new Map<string, Unwritten & RefusalKind>();

  constructor(log: Logger, everyMs = minuteMs) {
    this.#log = log;
    this.#everyMs = everyMs;
  }

  add(kind: RefusalKind, traceId: string): void {
    const key = `${kind.provider} ${kind.code}`;
    const unwritten = this.#unwritten.get(key);
    if (unwritten !== undefined) {
      unwritten.count++;
      unwritten.traceId = traceId;
      return;
    }
    this.#write(kind, 1, traceId);
    const timer = setInterval(() => this.#tell(key), this.#everyMs).unref();
    this.#unwritten.set(key, { ...kind, count: 0, traceId, timer });
  }

  /** Writes the counts that were not logged yet. */
  close(): void {
    for (const key of this.#unwritten.keys()) {
      this.#tell(key);
      this.#forget(key);
    }
  }

  #tell(key: string): void {
    const unwritten = this.#unwritten.get(key);
    if (unwritten === undefined) return;
    if (unwritten.count > 0) this.#write(unwritten, unwritten.count, unwritten.traceId);
    // After a minute without refusals, the next one is logged at once again.
    else this.#forget(key);
    unwritten.count = 0;
  }

  #forget(key: string): void {
    clearInterval(this.#unwritten.get(key)?.timer);
    this.#unwritten.delete(key);
  }

  /** Writes one line; its trace id is that of the newest refusal. */
  #write({ provider, code }: RefusalKind, count: number, traceId: string): void {
    this.#log.warn({ trace_id: traceId, provider, code, count }, "notifications refused");
  }
}
