/**
 * What one sender's attempts are told, in bytes. Attempts share connections, and which answer is whose only the
 * protocol knows. So an attempt is held to a share: all that came while it was under way, over the attempts that
 * were under way meanwhile. One by itself has exactly its own.
 */

/** What an attempt may be told, all its answers together. A batch that asks for each of its rows takes far less. */
export const attemptBytes = 16 * 1_024 * 1_024;

interface Attempt {
  /** Bytes that had come, and attempts that had ended, when it began. */
  readonly bytesBefore: number;
  readonly endedBefore: number;
  stop(): void;
}

export class AttemptsIntake {
  readonly #running = new Set<Attempt>();
  #bytes = 0;
  #begun = 0;
  #ended = 0;

  /** Whether that was too much for an attempt; then it has been stopped. */
  took(bytes: number): boolean {
    this.#bytes += bytes;
    const over = [...this.#running].filter((attempt) => this.#isOver(attempt));
    for (const attempt of over) attempt.stop();
    return over.length > 0;
  }

  #isOver({ bytesBefore, endedBefore }: Attempt): boolean {
    return this.#bytes - bytesBefore > attemptBytes * (this.#begun - endedBefore);
  }

  /** Fails with the error, and tells the work to stop, when it is told too much. */
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
    this.#begun++;
    this.#running.add(attempt);
    try {
      return await Promise.race([work(AbortSignal.any([signal, stopped.signal])), over.promise]);
    } finally {
      this.#running.delete(attempt);
      this.#ended++;
    }
  }
}
