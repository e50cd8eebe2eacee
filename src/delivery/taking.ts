/**
 * Takes due deliveries in batches and begins each before it takes the next, so that they are queued in their order. At
 * rest it looks once a second, and at once when it is told that something is due. After a look that found something it
 * waits, longer each time, so that where many come a batch has what came meanwhile and each costs less; what comes alone
 * does not wait. Nobody tells it of each of them, so it looks a few more times after it was told.
 */
import type { DeliveryId } from "../store/deliveries.ts";
import { quietMs } from "../store/due-news.ts";

const mostAtOnce = 100;
/** The most that are begun and neither settled nor put off. */
const mostUnderWay = 400;
/** With less room than this it waits: many small batches cost more than a few full ones. */
const leastRoom = 25;
const shortestGapMs = 25;
const longestGapMs = 100;
/** Longer than `quietMs` and the time a transaction usually takes to commit. */
const alertMs = 3 * quietMs;
const restMs = 1_000;

export interface TakingDeps<Taken extends DeliveryId> {
  take(most: number): Promise<readonly Taken[]>;
  begin(taken: readonly Taken[]): Promise<Begun>;
  /** Called when they could not be begun, or not settled. */
  giveBack(taken: readonly Taken[]): Promise<void>;
  failed(error: unknown): void;
}

export interface Begun {
  /** Resolves when all of them are settled or put off. */
  readonly settled: Promise<void>;
}

export class Taking<Taken extends DeliveryId> {
  readonly #deps: TakingDeps<Taken>;
  readonly #batches = new Set<Promise<void>>();
  readonly #loop: Promise<void>;
  #underWay = 0;
  #toldAt = Number.NEGATIVE_INFINITY;
  /** The pause after the next look that finds something. */
  #gapMs = shortestGapMs;
  /** Whether the last look found something: then the next one waits. */
  #isGathering = false;
  #stopping = false;
  #wake: () => void = () => {};

  constructor(deps: TakingDeps<Taken>) {
    this.#deps = deps;
    this.#loop = this.#run();
  }

  /** Something is due. */
  tell(): void {
    const now = performance.now();
    // Told a moment ago, it looks again soon by itself: where other processes take all there is, each tell would be a look.
    const isAlert = now - this.#toldAt <= alertMs;
    this.#toldAt = now;
    if (!isAlert && !this.#isGathering) this.#wake();
  }

  /** Takes no more, and waits until all it took are settled or put off. */
  async stop(): Promise<void> {
    this.#stopping = true;
    this.#wake();
    await this.#loop;
    await Promise.all(this.#batches);
  }

  async #run(): Promise<void> {
    while (!this.#stopping) {
      const room = Math.min(mostAtOnce, mostUnderWay - this.#underWay);
      if (room < leastRoom) await this.#pause(restMs);
      else {
        const taken = await this.#take(room);
        this.#isGathering = taken > 0;
        if (taken < room && !this.#stopping) await this.#pause(this.#nextPauseMs());
      }
    }
  }

  #nextPauseMs(): number {
    if (!this.#isGathering) {
      this.#gapMs = shortestGapMs;
      return performance.now() - this.#toldAt > alertMs ? restMs : shortestGapMs;
    }
    const gapMs = this.#gapMs;
    this.#gapMs = Math.min(longestGapMs, gapMs * 2);
    return gapMs;
  }

  /** Returns how many it took. */
  async #take(most: number): Promise<number> {
    let taken: readonly Taken[] = [];
    try {
      taken = await this.#deps.take(most);
      if (taken.length === 0) return 0;
      this.#follow(taken, await this.#deps.begin(taken));
    } catch (error) {
      await this.#giveBack(taken, error);
    }
    return taken.length;
  }

  #follow(taken: readonly Taken[], { settled }: Begun): void {
    this.#underWay += taken.length;
    const followed = settled
      .catch((error: unknown) => this.#giveBack(taken, error))
      .then(() => {
        const wasFull = mostUnderWay - this.#underWay < leastRoom;
        this.#underWay -= taken.length;
        this.#batches.delete(followed);
        if (wasFull) this.#wake();
      });
    this.#batches.add(followed);
  }

  async #giveBack(taken: readonly Taken[], error: unknown): Promise<void> {
    this.#deps.failed(error);
    if (taken.length > 0) await this.#deps.giveBack(taken).catch(this.#deps.failed);
  }

  #pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}
