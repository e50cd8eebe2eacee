/** Random numbers that repeat themselves: the same key gives the same numbers, whatever was drawn for other keys. */
export class Random {
  #state: number;

  constructor(...key: (string | number)[]) {
    let hash = 0x811c9dc5;
    for (const char of key.join("/")) hash = Math.imul(hash ^ char.charCodeAt(0), 0x01000193);
    this.#state = hash >>> 0;
  }

  /** 0 ≤ x < 1 (mulberry32). */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), this.#state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  }

  between(low: number, high: number): number {
    return low + this.next() * (high - low);
  }

  /** A whole number, both ends possible. */
  int(low: number, high: number): number {
    return Math.floor(this.between(low, high + 1));
  }

  chance(probability: number): boolean {
    return this.next() < probability;
  }

  /** Mean 0, deviation 1 (Box-Muller). */
  normal(): number {
    return Math.sqrt(-2 * Math.log(1 - this.next())) * Math.cos(2 * Math.PI * this.next());
  }

  /** A UUID of version 4, in capitals. */
  uuid(): string {
    const [one, two, three, four] = [this.#hex(), this.#hex(), this.#hex(), this.#hex()];
    const variant = "89AB".charAt(this.int(0, 3));
    return `${one}-${two.slice(4)}-4${two.slice(1, 4)}-${variant}${three.slice(5)}-${three.slice(0, 4)}${four}`;
  }

  /** Eight hexadecimal digits. */
  #hex(): string {
    return (0x1_0000_0000 + this.int(0, 0xffff_ffff)).toString(16).slice(1).toUpperCase();
  }

  /** Eight letters and digits. */
  id(): string {
    const alphabet = "ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz0123456789";
    return Array.from({ length: 8 }, () => alphabet[this.int(0, alphabet.length - 1)]).join("");
  }
}

/** Returns values that wander but are pulled back to zero. */
export function wandering(random: Random, pull: number, step: number): () => number {
  let value = 0;
  return () => {
    value += -pull * value + step * random.normal();
    return value;
  };
}

export const clamp = (value: number, low: number, high: number) => Math.min(high, Math.max(low, value));

export const mean = (values: readonly number[]) =>
  values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;
