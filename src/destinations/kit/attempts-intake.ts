/**
 * Counts the bytes that one sender's attempts receive. Attempts share connections, and only the protocol knows
 * which answer belongs to which attempt. So each attempt is charged a share: the bytes that came while it was under
 * way, divided by the number of attempts under way meanwhile. An attempt by itself is charged exactly its own.
 */

/**
 * The most that an attempt may receive, all its answers together. A batch that reads each of its rows takes far
 * less.
 */
export const attemptBytes = 16 * 1_024 * 1_024;

interface Attempt {
  /** Bytes received and attempts ended before it began. */
  readonly bytesBefore: number;
  readonly endedBefore: number;
  stop(): void;
}

export class AttemptsIntake {
  readonly #running = new Set<Attempt>();
  #bytes = 0;
  #begun = 0;
  #ended = 0;

  /** Whether an attempt is under way. */
  get isBusy(): boolean {
    return this.#running.size > 0;
  }

  /** Counts the bytes, stops the attempts that have received too much, and returns whether there are any. */
  took(bytes: number): boolean {
    this.#bytes += bytes;
    const over = [...this.#running].filter((attempt) => this.#isOver(attempt));
    for (const attempt of over) attempt.stop();
    return over.length > 0;
  }

  #isOver({ bytesBefore, endedBefore }: Attempt): boolean {
    return this.#bytes - bytesBefore > attemptBytes * (this.#begun - endedBefore);
  }

  /** Runs the work; fails with the error and aborts the work when it receives too much. */
  async attempt<Said>(
    signal: AbortSignal,
    work: (signal: AbortSignal) => Promise<Said>,
    tooMuch: () => Error,
  ): Promise<Said> {
    const stopped = new AbortController();
    const over = Promise.withResolvers<never>();
    const attempt: Attempt = {
      bytesBefore: this.#bytes,
      endedBefore: this.#ended,
      stop: () => {
        over.reject(tooMuch());
        stopped.abort();
      },
    };
    const abort = (): void => stopped.abort(signal.reason);
    signal.addEventListener("abort", abort, { once: true });
    if (signal.aborted) abort();
    this.#begun++;
    this.#running.add(attempt);
    try {
      return await Promise.race([work(stopped.signal), over.promise]);
    } finally {
      signal.removeEventListener("abort", abort);
      this.#running.delete(attempt);
      this.#ended++;
    }
  }
}
