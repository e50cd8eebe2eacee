/**
 * The queue of one destination in this process. It makes a limited number of requests at a time; the other
 * deliveries wait. A queue never delays another one: a delivery that meets a long and slow queue, or a queue
 * that the breaker has paused, is parked and woken later (wake.ts).
 *
 * If the target takes several events at once, a request carries as many waiting events as fit. Under little
 * load each event is sent alone and at once; under much load requests grow. If the target keeps order, the
 * events of one person are sent one after the other, and an event that has to be retried holds back the later
 * ones of that person.
 */
import { type Admission, Breaker, type Pause } from "./breaker.ts";
import { Pace } from "./pace.ts";

/** The most bytes of bodies in flight to one destination. A single body may be larger. */
const maxInFlightBytes = 32 * 1_024 * 1_024;
/** A request that takes longer makes its queue slow. */
const slowMs = 500;
/** A delivery that will be sent within this time may wait in memory: a parked one would be woken later than that. */
const soonMs = 4_000;
const maxRequests = 16;
const maxLargeRequests = 4;

/** The most that goes into one request. */
export interface RequestLimits {
  readonly maxEvents: number;
  readonly maxBytes: number;
}

/** The limits of a target that takes one event at a time. */
export const oneByOne: RequestLimits = { maxEvents: 1, maxBytes: maxInFlightBytes };

/** A delivery in a destination's queue. */
export interface QueuedDelivery {
  readonly bytes: number;
  /** Deliveries with the same key are sent one after the other; null where order does not matter. */
  readonly orderKey: string | null;
  /** Puts it off without an attempt; it is woken later. `crowded`: because the queue was too long. */
  park(crowded: boolean): void;
}

export interface RequestResult {
  /** Whether the destination gave a usable answer; the breaker counts the others. */
  readonly healthy: boolean;
  /** The order keys of the deliveries that have to be retried. */
  readonly retryKeys: ReadonlySet<string>;
}

export interface DestinationQueueOptions<Kind extends QueuedDelivery> {
  readonly limits: RequestLimits;
  /** Sends all of them in one request. Never throws. */
  send(deliveries: readonly Kind[]): Promise<RequestResult>;
  /** Called when the breaker opens and when it closes again. */
  onPause(paused: boolean): void;
  /** Called with each pause that begins, also with those after a trial that failed. */
  onPauseBegun(pause: Pause): void;
}

export class DestinationQueue<Kind extends QueuedDelivery> {
  readonly #breaker = new Breaker();
  readonly #options: DestinationQueueOptions<Kind>;
  readonly #maxRequests: number;
  readonly #waiting: Kind[] = [];
  /** The requests under way, oldest first, and when each began. */
  readonly #running = new Map<readonly Kind[], number>();
  readonly #keysInFlight = new Set<string>();
  readonly #pace = new Pace();
  #bytes = 0;

  constructor(options: DestinationQueueOptions<Kind>) {
    this.#options = options;
    // Few large requests at a time: each of them is then better filled.
    this.#maxRequests = options.limits.maxEvents <= maxRequests ? maxRequests : maxLargeRequests;
  }

  add(delivery: Kind): void {
    if (this.#isSlow() && this.#waiting.length >= this.#longLength) delivery.park(true);
    else {
      this.#waiting.push(delivery);
      this.#advance();
    }
  }

  /** Parks a delivery that has waited long, unless it will be sent soon. */
  parkUnlessSoon(delivery: Kind): void {
    const place = this.#waiting.indexOf(delivery);
    if (place < this.#longLength || this.#isSentSoon(place)) return;
    this.#waiting.splice(place, 1);
    delivery.park(true);
  }

  /** Closes the breaker: another process has reached the destination. */
  resume(): void {
    this.#watchBreaker(() => this.#breaker.reset());
  }

  /** Removes all waiting deliveries and returns them. */
  empty(): Kind[] {
    return this.#waiting.splice(0);
  }

  get #longLength(): number {
    return this.#maxRequests * this.#options.limits.maxEvents;
  }

  /** Waiting deliveries are kept in memory, so they may not weigh more than those in flight. */
  #isSentSoon(place: number): boolean {
    if (place >= this.#pace.within(soonMs)) return false;
    return this.#waiting.slice(0, place).reduce((sum, { bytes }) => sum + bytes, 0) <= maxInFlightBytes;
  }

  #advance(): void {
    while (this.#running.size < this.#maxRequests && !this.#breaker.trying) {
      const first = this.#waiting.findIndex((delivery) => !this.#isHeldBack(delivery));
      if (first === -1 || !this.#fits(this.#waiting[first] as Kind)) return;
      const admission = this.#breaker.admit(Date.now());
      if (admission.kind === "paused") this.#parkFrom(first);
      else void this.#run(this.#takeRequest(first, admission), admission);
    }
  }

  #parkFrom(index: number): void {
    for (const delivery of this.#waiting.splice(index, 1)) delivery.park(false);
  }

  #isHeldBack({ orderKey }: Kind): boolean {
    return orderKey !== null && this.#keysInFlight.has(orderKey);
  }

  #fits({ bytes }: Kind): boolean {
    return this.#running.size === 0 || this.#bytes + bytes <= maxInFlightBytes;
  }

  /** Takes the delivery at `first` and as many after it as fit into one request. A trial carries one. */
  #takeRequest(first: number, admission: Admission): Kind[] {
    const { maxEvents, maxBytes } = admission.kind === "trial" ? oneByOne : this.#options.limits;
    const taken: Kind[] = [];
    let bytes = 0;
    for (let at = first; at < this.#waiting.length && taken.length < maxEvents; ) {
      const delivery = this.#waiting[at] as Kind;
      if (this.#isHeldBack(delivery)) {
        at++;
        continue;
      }
      const left = Math.min(maxBytes, maxInFlightBytes - this.#bytes) - bytes;
      if (taken.length > 0 && delivery.bytes > left) break;
      this.#waiting.splice(at, 1);
      taken.push(delivery);
      bytes += delivery.bytes;
      if (delivery.orderKey !== null) this.#keysInFlight.add(delivery.orderKey);
    }
    return taken;
  }

  async #run(deliveries: readonly Kind[], admission: Admission): Promise<void> {
    const bytes = deliveries.reduce((sum, delivery) => sum + delivery.bytes, 0);
    const began = Date.now();
    this.#running.set(deliveries, began);
    this.#bytes += bytes;
    const { healthy, retryKeys } = await this.#options.send(deliveries);
    this.#pace.note(healthy ? deliveries.length : 0, Date.now() - began, this.#running.size);
    this.#running.delete(deliveries);
    this.#bytes -= bytes;
    for (const { orderKey } of deliveries) if (orderKey !== null) this.#keysInFlight.delete(orderKey);
    this.#watchBreaker(() => {
      const pause = this.#breaker.report(admission, healthy, Date.now());
      if (pause !== null) this.#options.onPauseBegun(pause);
    });
    this.#parkBehind(retryKeys);
    this.#advance();
  }

  #parkBehind(retryKeys: ReadonlySet<string>): void {
    if (retryKeys.size === 0) return;
    for (const delivery of this.#waiting.splice(0)) {
      if (delivery.orderKey !== null && retryKeys.has(delivery.orderKey)) delivery.park(false);
      else this.#waiting.push(delivery);
    }
  }

  #watchBreaker(change: () => void): void {
    const paused = this.#breaker.open;
    change();
    if (this.#breaker.open !== paused) this.#options.onPause(!paused);
  }

  #isSlow(): boolean {
    const [started] = this.#running.values();
    return started !== undefined && Date.now() - started >= slowMs;
  }
}
