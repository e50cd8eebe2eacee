/**
 * One destination's lane: so many attempts side by side, the rest in line. A lane never holds anything up
 * but itself: when it is full and slow, who comes is told to come again at the rate the lane moves.
 */
import { type Admission, Breaker } from "./breaker.ts";

/** Attempts to one destination at the same time. */
export const laneSlots = 16;
/** Bytes of bodies on their way to one destination; one body always may. */
const laneBytes = 32 * 1_024 * 1_024;
/** An attempt that takes longer makes its lane slow. */
const slowMs = 500;
const shortestPutOffMs = 1_000;
const longestPutOffMs = 5 * 60_000;
/** Weight of the newest attempt in the mean duration. */
const newestWeight = 0.1;

/** A delivery in a lane. None of these may throw. */
export interface Passenger {
  readonly bytes: number;
  /** Makes the attempt; answers whether the destination is well. */
  attempt(): Promise<boolean>;
  /** The breaker answered instead; it will not ask before then (unix ms). */
  refuse(until: number): void;
  /** Nothing was tried: come again then (unix ms). */
  putOff(until: number): void;
}

export class Lane {
  readonly #breaker = new Breaker();
  readonly #onPause: (paused: boolean) => void;
  readonly #waiting: Passenger[] = [];
  /** When each attempt under way began; in that order. */
  readonly #running = new Map<Passenger, number>();
  #bytes = 0;
  #meanMs = 0;
  #reservedUntil = 0;

  /** @param onPause is told when the breaker opens and when it closes again */
  constructor(onPause: (paused: boolean) => void) {
    this.#onPause = onPause;
  }

  enter(passenger: Passenger): void {
    if (this.#isSlow() && this.#waiting.length >= laneSlots) {
      passenger.putOff(this.#reserve());
      return;
    }
    this.#waiting.push(passenger);
    this.#advance();
  }

  /** Has waited long: leaves the line if it is too far back to be served soon, and stays otherwise. */
  reconsider(passenger: Passenger): void {
    const place = this.#waiting.indexOf(passenger);
    if (place < laneSlots) return;
    this.#waiting.splice(place, 1);
    passenger.putOff(this.#reserve());
  }

  /** Everyone in line leaves it, to be served elsewhere at once. */
  empty(): void {
    for (const passenger of this.#waiting.splice(0)) passenger.putOff(Date.now());
  }

  #advance(): void {
    for (;;) {
      const [next] = this.#waiting;
      if (next === undefined || this.#isFull(next)) return;
      this.#waiting.shift();
      const admission = this.#breaker.admit(Date.now());
      if (admission.kind === "paused") next.refuse(admission.until);
      else void this.#run(next, admission);
    }
  }

  async #run(passenger: Passenger, admission: Admission): Promise<void> {
    const started = Date.now();
    this.#running.set(passenger, started);
    this.#bytes += passenger.bytes;
    const well = await passenger.attempt();
    this.#running.delete(passenger);
    this.#bytes -= passenger.bytes;
    const now = Date.now();
    this.#meanMs += newestWeight * (now - started - this.#meanMs);
    const paused = this.#breaker.open;
    this.#breaker.report(admission, well, now);
    if (this.#breaker.open !== paused) this.#onPause(!paused);
    this.#advance();
  }

  #isFull(next: Passenger): boolean {
    if (this.#breaker.trying) return true;
    if (this.#running.size === 0) return false;
    return this.#running.size >= laneSlots || this.#bytes + next.bytes > laneBytes;
  }

  #oldestMs(): number {
    const [started] = this.#running.values();
    return started === undefined ? 0 : Date.now() - started;
  }

  #isSlow(): boolean {
    return this.#oldestMs() >= slowMs;
  }

  /** A time at which the lane will probably have room: each reservation takes a place behind the last. */
  #reserve(): number {
    const now = Date.now();
    const interval = Math.max(this.#meanMs, this.#oldestMs()) / laneSlots;
    const earliest = Math.max(this.#reservedUntil, now + shortestPutOffMs) + interval;
    this.#reservedUntil = Math.min(earliest, now + longestPutOffMs);
    return Math.round(this.#reservedUntil);
  }
}
