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
    const hex = Array.from({ length: 4 }, () => this.int(0, 0xffffffff).toString(16).padStart(8, "0")).join(
      "",
    );
    const variant = "89ab"[Number.parseInt(hex.charAt(16), 16) % 4];
    const text = `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20)}`;
    return text.toUpperCase();
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
