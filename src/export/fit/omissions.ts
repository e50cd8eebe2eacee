/** Collects what a file does not contain of its record although FIT has a field for it. */
import type { LeftOut } from "../contract.ts";

export class Omissions {
  readonly #counts = new Map<string, { field: string; reason: string; count: number }>();

  add(field: string, reason: string): void {
    const key = `${field}\n${reason}`;
    const known = this.#counts.get(key) ?? { field, reason, count: 0 };
    known.count++;
    this.#counts.set(key, known);
  }

  /** Returns each place and reason once, in the order in which they were met; samples with their number. */
  list(): LeftOut[] {
    return [...this.#counts.values()].map(({ field, reason, count }) => ({
      field,
      reason: count > 1 ? `${reason} (${count} times)` : reason,
    }));
  }
}
