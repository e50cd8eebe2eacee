import type { Clock } from "../kit/clock.ts";

const MINUTE_MS = 60_000;

interface Window {
  length: number;
  limit: () => number;
  start: number | undefined;
  usage: number;
}

export interface Limits {
  short?: number;
  long?: number;
}

/** The limits of an API, by the number of the client's users. */
export interface UsualLimits {
  short(users: number): number;
  long(users: number): number;
}

const accesslinkLimits: UsualLimits = {
  short: (users) => 500 + 20 * users,
  long: (users) => 5000 + 100 * users,
};

/**
 * The limits of an API for 15 minutes and for 24 hours; v3's are 500 + 20 a user and 5,000 + 100 a user. A window
 * starts at its first request; a refused call still counts toward the long one.
 */
export class RateLimit {
  override: Limits = {};
  readonly #clock: Clock;
  readonly #short: Window;
  readonly #long: Window;

  constructor(clock: Clock, users: () => number, usual: UsualLimits = accesslinkLimits) {
    this.#clock = clock;
    this.#short = emptyWindow(15 * MINUTE_MS, () => this.override.short ?? usual.short(users()));
    this.#long = emptyWindow(24 * 60 * MINUTE_MS, () => this.override.long ?? usual.long(users()));
  }

  /** Counts one call. Returns false when it is over a limit. */
  count(): boolean {
    this.#roll();
    const allowed = this.#short.usage < this.#short.limit() && this.#long.usage < this.#long.limit();
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
      "RateLimit-Limit": both((window) => window.limit()),
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
