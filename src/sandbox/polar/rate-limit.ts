import type { Clock } from "../kit/clock.ts";

const MINUTE_MS = 60_000;

interface Window {
  length: number;
  limit: (users: number) => number;
  start: number | undefined;
  usage: number;
}

export interface Limits {
  short?: number;
  long?: number;
}

/**
 * Polar's two limits: 500 + 20 a user in 15 minutes, 5,000 + 100 a user in 24 hours. A window starts at its first
 * request; a refused call still counts toward the long one.
 */
export class RateLimit {
  override: Limits = {};
  readonly #clock: Clock;
  readonly #users: () => number;
  readonly #short: Window = emptyWindow(15 * MINUTE_MS, (users) => this.override.short ?? 500 + 20 * users);
  readonly #long: Window = emptyWindow(
    24 * 60 * MINUTE_MS,
    (users) => this.override.long ?? 5000 + 100 * users,
  );

  constructor(clock: Clock, users: () => number) {
    this.#clock = clock;
    this.#users = users;
  }

  /** Counts one call. Returns false when it is over a limit. */
  count(): boolean {
    this.#roll();
    const users = this.#users();
    const allowed =
      this.#short.usage < this.#short.limit(users) && this.#long.usage < this.#long.limit(users);
    if (allowed) this.#short.usage++;
    this.#long.usage++;
    return allowed;
  }

  /** Returns the headers, each with "short,long"; Reset is in seconds. */
  headers(): Record<string, string> {
    const both = (value: (window: Window) => number) => `${value(this.#short)},${value(this.#long)}`;
    const now = this.#clock.now();
    return {
      "RateLimit-Usage": both((window) => window.usage),
      "RateLimit-Limit": both((window) => window.limit(this.#users())),
      "RateLimit-Reset": both((window) => secondsLeft(window, now)),
    };
  }

  /** Returns the headers of a forced 429: the short limit is used up for this many more seconds. */
  spentHeaders(resetSeconds: number): Record<string, string> {
    const headers = this.headers();
    const limit = headers["RateLimit-Limit"]?.split(",")[0] ?? "0";
    const longReset = headers["RateLimit-Reset"]?.split(",")[1] ?? "0";
    return {
      ...headers,
      "RateLimit-Usage": `${limit},${this.#long.usage}`,
      "RateLimit-Reset": `${resetSeconds},${longReset}`,
    };
  }

  reset(): void {
    this.override = {};
    for (const window of [this.#short, this.#long]) {
      window.start = undefined;
      window.usage = 0;
    }
  }

  #roll(): void {
    const now = this.#clock.now();
    for (const window of [this.#short, this.#long]) {
      const start = window.start;
      // If the clock is moved back, the window starts anew. Otherwise it would stay open for as long as the clock was
      // moved.
      if (start !== undefined && now >= start && now < start + window.length) continue;
      window.start = now;
      window.usage = 0;
    }
  }
}

function emptyWindow(length: number, limit: Window["limit"]): Window {
  return { length, limit, start: undefined, usage: 0 };
}

function secondsLeft(window: Window, now: number): number {
  return Math.max(0, Math.ceil(((window.start ?? now) + window.length - now) / 1000));
}
