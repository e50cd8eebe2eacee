/**
 * How fast a person's data may be asked for. Garmin publishes no numbers: a burst of twelve calls side by side was
 * answered with 429. Here two are answered side by side, and one a second, of which a few may come at once.
 */
import type { Clock } from "../kit/clock.ts";

export interface Limits {
  /** The calls that are answered side by side. */
  parallel: number;
  perSecond: number;
  /** The calls that may come at once after a pause. */
  burst: number;
  /** Seconds of `Retry-After`; null to leave it out. */
  retryAfter: number | null;
}

export const usualLimits: Limits = { parallel: 2, perSecond: 1, burst: 4, retryAfter: 14 };

/** More than any caller reaches. */
export const noLimits: Limits = { parallel: 1_000, perSecond: 1_000_000, burst: 1_000_000, retryAfter: 14 };

interface Pace {
  open: number;
  left: number;
  at: number;
}

export class Paces {
  readonly #clock: Clock;
  readonly #of = new Map<number, Pace>();
  readonly #first: Limits;
  limits: Limits;
  /** How often a call was refused. */
  refused = 0;

  constructor(clock: Clock, first: Limits) {
    this.#clock = clock;
    this.#first = first;
    this.limits = { ...first };
  }

  /** Begins a call. Returns whether it is allowed; if so, `end` has to be called. */
  begin(userId: number): boolean {
    const pace = this.#paceOf(userId);
    const { parallel, burst, perSecond } = this.limits;
    const now = this.#clock.now();
    // The clock may have been moved back.
    const passed = Math.max(0, now - pace.at) / 1_000;
    pace.left = Math.min(burst, pace.left + passed * perSecond);
    pace.at = now;
    if (pace.open >= parallel || pace.left < 1) {
      this.refused += 1;
      return false;
    }
    pace.left -= 1;
    pace.open += 1;
    return true;
  }

  end(userId: number): void {
    this.#paceOf(userId).open -= 1;
  }

  clear(): void {
    this.#of.clear();
    this.limits = { ...this.#first };
    this.refused = 0;
  }

  #paceOf(userId: number): Pace {
    const known = this.#of.get(userId);
    if (known !== undefined) return known;
    const made = { open: 0, left: this.limits.burst, at: this.#clock.now() };
    this.#of.set(userId, made);
    return made;
  }
}
