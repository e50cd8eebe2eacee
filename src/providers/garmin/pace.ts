/** The time between two calls for one person: a call waits for its turn. */
import { setTimeout } from "node:timers/promises";

/** Beyond this many people, those whose turn has come are forgotten. */
const remembered = 1_000;

/** The turns of a process. `now` tells milliseconds that never go back. */
export class Pace {
  readonly #now: () => number;
  /** By person, the time from which the next call may be made. */
  readonly #free = new Map<string, number>();

  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  /** Takes the person's next turn, `gapMs` after the one before. Returns how long to wait for it, in ms. */
  take(person: string, gapMs: number): number {
    const now = this.#now();
    if (this.#free.size >= remembered) this.#forget(now);
    const turn = Math.max(now, this.#free.get(person) ?? now);
    this.#free.set(person, turn + gapMs);
    return turn - now;
  }

  /** Waits for the person's next turn. */
  async turn(person: string, gapMs: number, signal: AbortSignal): Promise<void> {
    const waitMs = this.take(person, gapMs);
    if (waitMs > 0) await setTimeout(waitMs, undefined, { signal });
  }

  #forget(now: number): void {
    for (const [person, free] of this.#free) if (free <= now) this.#free.delete(person);
  }
}
