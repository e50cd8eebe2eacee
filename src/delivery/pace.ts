/** How many deliveries a queue gets through, judged by its latest requests. */

/** The weight of the latest request in the running mean. */
const weight = 0.2;

export class Pace {
  #perMs = 0;

  /** A request that took so many events, of so many side by side. */
  note(events: number, durationMs: number, sideBySide: number): void {
    const latest = (events * sideBySide) / Math.max(1, durationMs);
    this.#perMs = this.#perMs === 0 ? latest : this.#perMs + (latest - this.#perMs) * weight;
  }

  /** How many events are to be expected in this time. */
  within(ms: number): number {
    return Math.floor(this.#perMs * ms);
  }
}
