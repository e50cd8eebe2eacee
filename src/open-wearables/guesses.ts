/** A brake on guessing: so many wrong codes a minute from one address, and no more. */

const windowMs = 60_000;
const allowed = 20;
const mostAddresses = 10_000;

export class GuessBrake {
  readonly #wrong = new Map<string, { count: number; until: number }>();
  readonly #now: () => number;

  constructor(now: () => number = Date.now) {
    this.#now = now;
  }

  /** Returns the seconds to wait; null when the address may try. */
  waitSeconds(address: string): number | null {
    const known = this.#wrong.get(address);
    if (known === undefined || known.until <= this.#now() || known.count < allowed) return null;
    return Math.ceil((known.until - this.#now()) / 1_000);
  }

  noteWrong(address: string): void {
    const known = this.#wrong.get(address);
    if (known !== undefined && known.until > this.#now()) {
      known.count += 1;
      return;
    }
    if (this.#wrong.size >= mostAddresses) this.#wrong.clear();
    this.#wrong.set(address, { count: 1, until: this.#now() + windowMs });
  }
}
