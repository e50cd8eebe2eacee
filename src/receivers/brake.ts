/**
 * Limits how much one receiver takes: a burst, and then so many requests a second; and how many bodies this process
 * reads at a time. A request beyond is to come again later. Each process has its own brake.
 */

const burst = 400;
const perSecond = 50;
const mostReading = 32;
const mostKnown = 1_000;

interface Bucket {
  left: number;
  filledMs: number;
}

export class ReceiverBrake {
  readonly #buckets = new Map<string, Bucket>();
  #reading = 0;

  /** Takes a place for one request, which `ended` returns. Returns false when the receiver has had too many. */
  begin(receiverId: string, nowMs: number): boolean {
    const bucket = this.#bucketOf(receiverId, nowMs);
    if (bucket.left < 1 || this.#reading >= mostReading) return false;
    bucket.left--;
    this.#reading++;
    return true;
  }

  ended(): void {
    this.#reading--;
  }

  #bucketOf(receiverId: string, nowMs: number): Bucket {
    const known = this.#buckets.get(receiverId);
    const left = known === undefined ? burst : filled(known, nowMs);
    // Set anew, so that the first of the map is the one that was used least recently.
    this.#buckets.delete(receiverId);
    const bucket = { left, filledMs: nowMs };
    this.#buckets.set(receiverId, bucket);
    const oldest = this.#buckets.keys().next();
    if (this.#buckets.size > mostKnown && !oldest.done) this.#buckets.delete(oldest.value);
    return bucket;
  }
}

const filled = ({ left, filledMs }: Bucket, nowMs: number): number =>
  Math.min(burst, left + (Math.max(0, nowMs - filledMs) / 1_000) * perSecond);
