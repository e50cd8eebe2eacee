/**
 * Pauses the deliveries to a destination that keeps failing.
 *
 * closed → (ten failures in a row) → open for a pause → half-open: one attempt tries it → closed again, or
 * open for twice the pause. Pauses grow from 3 s to 5 min. They stay shorter than the steps of the retry
 * schedule at which they end, so a delivery's next attempt usually meets a breaker that admits a trial.
 *
 * While the breaker is open nothing is tried, and new deliveries are parked. Its state is kept in this
 * process only; other processes find out for themselves, but are told when the destination succeeds again. Each
 * pause is written to the destination's row, to be shown.
 */
const failuresToOpen = 10;
const firstPauseMs = 3_000;
const longestPauseMs = 5 * 60_000;

/** The decision about an attempt: send it, send it as the trial, or wait until a time. */
export type Admission =
  | { readonly kind: "go" | "trial" }
  | { readonly kind: "paused"; readonly until: number };

/** A pause that has just begun. */
export interface Pause {
  readonly ms: number;
  /** The failures in a row that led to it. */
  readonly failures: number;
}

export class Breaker {
  #failures = 0;
  #pauseMs = 0;
  #openUntil: number | null = null;
  #trying = false;

  get open(): boolean {
    return this.#openUntil !== null;
  }

  /** Whether a trial is under way. Its result is worth waiting for. */
  get trying(): boolean {
    return this.#trying;
  }

  admit(now: number): Admission {
    if (this.#openUntil === null) return { kind: "go" };
    if (now < this.#openUntil) return { kind: "paused", until: this.#openUntil };
    this.#trying = true;
    return { kind: "trial" };
  }

  /** Notes the result of an admitted attempt. Returns the pause that begins with it, if one does. */
  report(admission: Admission, succeeded: boolean, now: number): Pause | null {
    if (admission.kind === "trial") this.#trying = false;
    if (succeeded) {
      this.#close();
      return null;
    }
    this.#failures++;
    // Attempts that were already under way when it opened say nothing new.
    const opens =
      admission.kind === "trial" || (this.#openUntil === null && this.#failures >= failuresToOpen);
    if (!opens) return null;
    this.#pauseMs = Math.min(longestPauseMs, this.#pauseMs * 2 || firstPauseMs);
    this.#openUntil = now + this.#pauseMs;
    return { ms: this.#pauseMs, failures: this.#failures };
  }

  /** Closes the breaker: another process has reached the destination. */
  reset(): void {
    if (!this.#trying) this.#close();
  }

  #close(): void {
    this.#failures = 0;
    this.#pauseMs = 0;
    this.#openUntil = null;
  }
}
