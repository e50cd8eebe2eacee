/** Estimates how many deliveries a queue sends, by its latest requests. */

/** The weight of the latest request in the running mean. */
const weight = 0.2;

export class Pace {
  #perMs = 0;

  /** Notes a request: its number of events, its duration, and how many requests were under way. */
  note(events: number, durationMs: number, sideBySide: number): void {
    const latest = (events * sideBySide) / Math.max(1, durationMs);
    this.#perMs = this.#perMs === 0 ? latest : this.#perMs + (latest - this.#perMs) * weight;
  }

  /** Returns how many events are likely to be sent within this time. */
  within(ms: number): number {
    return Math.floor(this.#perMs * ms);
  }
}
