/**
 * How long the answer to a wrong token waits. The more wrong ones came from an address, and from all together,
 * the longer. A right token is never held up: a proxy or a household may share its address with the guesser.
 *
 * Asking one after another is slowed to one guess in eight seconds. Many at a time are not: at some point they
 * are told to come back later. So the brake makes guessing slow and visible; what makes it hopeless is a token's
 * length, which is why short ones are for loopback only. Each process has its own.
 */
import ipaddr from "ipaddr.js";

const freeFailures = 5;
const firstWaitMs = 250;
const longestWaitMs = 8_000;
/** An address that was quiet for so long begins anew. */
const forgottenMs = 15 * 60_000;

/** Wrong tokens a minute from everywhere, after which each waits. */
const manyPerMinute = 60;
const manyWaitMs = 1_000;

const waitingPerAddress = 32;
const waitingInAll = 256;
const knownAddresses = 10_000;

interface Guesser {
  failures: number;
  waiting: number;
  lastMs: number;
}

export interface Slowed {
  /** How many wrong tokens came from there in a row. */
  readonly failures: number;
  /** Null: too many are waiting, so this one is told to come back later. */
  readonly waitMs: number | null;
}

export class GuessBrake {
  readonly #guessers = new Map<string, Guesser>();
  #waiting = 0;
  #minute = { startMs: 0, failures: 0 };

  /** Counts a wrong token. One that waits has to be `released` after its answer. */
  failed(address: string, nowMs: number): Slowed {
    const guesser = this.#guesserOf(networkOf(address), nowMs);
    guesser.failures++;
    guesser.lastMs = nowMs;
    const waitMs = Math.max(waitAfter(guesser.failures), this.#waitOfAll(nowMs));
    if (waitMs === 0) return { failures: guesser.failures, waitMs };
    const isFull = guesser.waiting >= waitingPerAddress || this.#waiting >= waitingInAll;
    if (isFull) return { failures: guesser.failures, waitMs: null };
    guesser.waiting++;
    this.#waiting++;
    return { failures: guesser.failures, waitMs };
  }

  released(address: string): void {
    this.#waiting--;
    const guesser = this.#guessers.get(networkOf(address));
    if (guesser !== undefined && guesser.waiting > 0) guesser.waiting--;
  }

  #guesserOf(network: string, nowMs: number): Guesser {
    const known = this.#guessers.get(network);
    if (known !== undefined && (known.waiting > 0 || nowMs - known.lastMs < forgottenMs)) return known;
    const oldest = this.#guessers.keys().next();
    if (this.#guessers.size >= knownAddresses && !oldest.done) this.#guessers.delete(oldest.value);
    const guesser = { failures: 0, waiting: 0, lastMs: nowMs };
    this.#guessers.set(network, guesser);
    return guesser;
  }

  #waitOfAll(nowMs: number): number {
    if (nowMs - this.#minute.startMs >= 60_000) this.#minute = { startMs: nowMs, failures: 0 };
    this.#minute.failures++;
    return this.#minute.failures > manyPerMinute ? manyWaitMs : 0;
  }
}

const waitAfter = (failures: number): number =>
  failures <= freeFailures ? 0 : Math.min(firstWaitMs * 2 ** (failures - freeFailures - 1), longestWaitMs);

/** One customer has a whole /64 of IPv6. */
function networkOf(address: string): string {
  if (!ipaddr.isValid(address)) return address;
  const parsed = ipaddr.process(address);
  if (parsed.kind() === "ipv4") return parsed.toString();
  return parsed.toByteArray().slice(0, 8).join(".");
}
