/**
 * Spares a destination that keeps failing, and spares us the waiting for it.
 *
 * closed → (ten failures in a row) → open for a pause → half-open: one attempt tries it → closed again, or
 * open for twice the pause. Pauses grow from 3 s to 5 min; they stay shorter than the steps of the retry
 * schedule at which they end, so that a delivery's next attempt usually meets a breaker willing to try.
 *
 * While it is open nothing is tried, and what comes is parked. What is known is kept in this process only;
 * another process finds out for itself, but hears when the destination is well again.
 */
const failuresToOpen = 10;
const firstPauseMs = 3_000;
const longestPauseMs = 5 * 60_000;

/** What may be done now: go on; go on as the one that tries; wait until a time. */
export type Admission =
  | { readonly kind: "go" | "trial" }
  | { readonly kind: "paused"; readonly until: number };

export class Breaker {
  #failures = 0;
  #pauseMs = 0;
  #openUntil: number | null = null;
  #trying = false;

  get open(): boolean {
    return this.#openUntil !== null;
  }

  /** One attempt is trying the destination; what it finds out is worth waiting for. */
  get trying(): boolean {
    return this.#trying;
  }

  admit(now: number): Admission {
    if (this.#openUntil === null) return { kind: "go" };
    if (now < this.#openUntil) return { kind: "paused", until: this.#openUntil };
    this.#trying = true;
    return { kind: "trial" };
  }

  /** What became of an attempt that was admitted. */
  report(admission: Admission, succeeded: boolean, now: number): void {
    if (admission.kind === "trial") this.#trying = false;
    if (succeeded) {
      this.#close();
      return;
    }
    this.#failures++;
    // Attempts that were under way when it opened tell nothing new.
    if (admission.kind === "trial" || (this.#openUntil === null && this.#failures >= failuresToOpen)) {
      this.#pauseMs = Math.min(longestPauseMs, this.#pauseMs * 2 || firstPauseMs);
      this.#openUntil = now + this.#pauseMs;
    }
  }

  /** The destination is known to be well from elsewhere. */
  reset(): void {
    if (!this.#trying) this.#close();
  }

  #close(): void {
    this.#failures = 0;
    this.#pauseMs = 0;
    this.#openUntil = null;
  }
}
