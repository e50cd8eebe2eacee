/** 5,000 calls in five minutes for each access token. */
import type { Clock } from "../kit/clock.ts";

const windowMs = 5 * 60_000;
const most = 5_000;

export class RateLimit {
  readonly #clock: Clock;
  readonly #calls = new Map<string, number[]>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Counts a call. Returns the seconds until another one is allowed; null when this one is. */
  count(token: string): number | null {
    const now = this.#clock.now();
    const recent = (this.#calls.get(token) ?? []).filter((at) => at > now - windowMs);
    const [oldest = now] = recent;
    if (recent.length >= most) return Math.ceil((oldest + windowMs - now) / 1_000);
    recent.push(now);
    this.#calls.set(token, recent);
    return null;
  }

  clear(): void {
    this.#calls.clear();
  }
}
