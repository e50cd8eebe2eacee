/**
 * One destination's lane: so many requests side by side, the rest in line. A lane never holds up anything
 * but itself: who finds it long and slow, or paused by the breaker, is parked and woken later (wake.ts).
 *
 * Where the target takes several events at once, a request takes along what is waiting: under little load
 * each event goes by itself and at once, under much load requests grow. Where the target keeps order, a
 * person's events go one after the other, and one that has to be tried again makes those behind it wait.
 */
import { type Admission, Breaker } from "./breaker.ts";
import { Pace } from "./pace.ts";

/** Bytes of bodies on their way to one destination; one body always may. */
const laneBytes = 32 * 1_024 * 1_024;
/** A request that takes longer makes its lane slow. */
const slowMs = 500;
/** Who is to be served within this may wait in line: sooner than anybody parked would be woken. */
const soonMs = 4_000;
const mostRequests = 16;
const fewestRequests = 4;

export interface LaneLimits {
  readonly maxEvents: number;
  readonly maxBytes: number;
}

/** A target that takes one event at a time. */
export const oneByOne: LaneLimits = { maxEvents: 1, maxBytes: laneBytes };

/** A delivery in a lane. */
export interface Passenger {
  readonly bytes: number;
  /** Whose events go one after the other; null where order does not matter. */
  readonly orderKey: string | null;
  /** Nothing was tried: woken later. `crowded`: because the line was too long. */
  park(crowded: boolean): void;
}

/** What a request came to. */
export interface Ride {
  /** Whether the destination answered sensibly. */
  readonly well: boolean;
  /** Order keys of those who have to be tried again. */
  readonly heldUp: ReadonlySet<string>;
}

export interface LaneOptions<Kind extends Passenger> {
  readonly limits: LaneLimits;
  /** Makes one request for all of them. Never throws. */
  ride(passengers: readonly Kind[]): Promise<Ride>;
  /** Is told when the breaker opens and when it closes again. */
  onPause(paused: boolean): void;
}

export class Lane<Kind extends Passenger> {
  readonly #breaker = new Breaker();
  readonly #options: LaneOptions<Kind>;
  readonly #slots: number;
  readonly #waiting: Kind[] = [];
  /** When each request under way began; in that order. */
  readonly #running = new Map<readonly Kind[], number>();
  readonly #keysOnTheWay = new Set<string>();
  readonly #pace = new Pace();
  #bytes = 0;

  constructor(options: LaneOptions<Kind>) {
    this.#options = options;
    // Small requests go side by side; of large ones a few do, and they fill the better for it.
    this.#slots = options.limits.maxEvents <= mostRequests ? mostRequests : fewestRequests;
  }

  enter(passenger: Kind): void {
    if (this.#isSlow() && this.#waiting.length >= this.#longLine) passenger.park(true);
    else {
      this.#waiting.push(passenger);
      this.#advance();
    }
  }

  /** Has waited long: leaves the line if it is too far back to be served soon, and stays otherwise. */
  reconsider(passenger: Kind): void {
    const place = this.#waiting.indexOf(passenger);
    if (place < this.#longLine || this.#isServedSoon(place)) return;
    this.#waiting.splice(place, 1);
    passenger.park(true);
  }

  /** Somebody else found the destination well again. */
  encourage(): void {
    this.#watchBreaker(() => this.#breaker.reset());
  }

  /** Everyone in line leaves it, and is answered. */
  empty(): Kind[] {
    return this.#waiting.splice(0);
  }

  get #longLine(): number {
    return this.#slots * this.#options.limits.maxEvents;
  }

  /** The line is kept in memory, so it may not weigh more than what is on its way. */
  #isServedSoon(place: number): boolean {
    if (place >= this.#pace.within(soonMs)) return false;
    return this.#waiting.slice(0, place).reduce((sum, { bytes }) => sum + bytes, 0) <= laneBytes;
  }

  #advance(): void {
    while (this.#running.size < this.#slots && !this.#breaker.trying) {
      const first = this.#waiting.findIndex((passenger) => !this.#isHeld(passenger));
      if (first === -1 || !this.#hasRoom(this.#waiting[first] as Kind)) return;
      const admission = this.#breaker.admit(Date.now());
      if (admission.kind === "paused") this.#parkFrom(first);
      else void this.#run(this.#board(first, admission), admission);
    }
  }

  #parkFrom(index: number): void {
    for (const passenger of this.#waiting.splice(index, 1)) passenger.park(false);
  }

  #isHeld({ orderKey }: Kind): boolean {
    return orderKey !== null && this.#keysOnTheWay.has(orderKey);
  }

  #hasRoom({ bytes }: Kind): boolean {
    return this.#running.size === 0 || this.#bytes + bytes <= laneBytes;
  }

  /** Takes the first and as many after it as fit into one request; a trial goes alone. */
  #board(first: number, admission: Admission): Kind[] {
    const { maxEvents, maxBytes } = admission.kind === "trial" ? oneByOne : this.#options.limits;
    const boarded: Kind[] = [];
    let bytes = 0;
    for (let at = first; at < this.#waiting.length && boarded.length < maxEvents; ) {
      const passenger = this.#waiting[at] as Kind;
      if (this.#isHeld(passenger)) {
        at++;
        continue;
      }
      const room = Math.min(maxBytes, laneBytes - this.#bytes) - bytes;
      if (boarded.length > 0 && passenger.bytes > room) break;
      this.#waiting.splice(at, 1);
      boarded.push(passenger);
      bytes += passenger.bytes;
      if (passenger.orderKey !== null) this.#keysOnTheWay.add(passenger.orderKey);
    }
    return boarded;
  }

  async #run(passengers: readonly Kind[], admission: Admission): Promise<void> {
    const bytes = passengers.reduce((sum, passenger) => sum + passenger.bytes, 0);
    const began = Date.now();
    this.#running.set(passengers, began);
    this.#bytes += bytes;
    const { well, heldUp } = await this.#options.ride(passengers);
    this.#pace.note(well ? passengers.length : 0, Date.now() - began, this.#running.size);
    this.#running.delete(passengers);
    this.#bytes -= bytes;
    for (const { orderKey } of passengers) if (orderKey !== null) this.#keysOnTheWay.delete(orderKey);
    this.#watchBreaker(() => this.#breaker.report(admission, well, Date.now()));
    this.#parkBehind(heldUp);
    this.#advance();
  }

  #parkBehind(heldUp: ReadonlySet<string>): void {
    if (heldUp.size === 0) return;
    for (const passenger of this.#waiting.splice(0)) {
      if (passenger.orderKey !== null && heldUp.has(passenger.orderKey)) passenger.park(false);
      else this.#waiting.push(passenger);
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
