/**
 * Delays the answer to a wrong token: the more wrong ones came from an address, and from all together, the
 * longer. Guesses made one after another are slowed to one in eight seconds.
 *
 * Parallel guesses do not help: while the highest number of answers is delayed, no further token from that
 * address is checked, right or wrong, or a guesser would learn which one passes. A proxy or a family may
 * share its address with the guesser, so a token that was right before in this process is always checked.
 * Each process has its own brake.
 */
import ipaddr from "ipaddr.js";

const freeFailures = 5;
const firstWaitMs = 250;
const longestWaitMs = 8_000;
/** An address without wrong tokens for this long starts afresh. */
const forgottenMs = 15 * 60_000;

/** The number of wrong tokens a minute from everywhere, after which each waits. */
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
  /** The number of wrong tokens from there in a row. */
  readonly failures: number;
  readonly waitMs: number;
}

export class GuessBrake {
  readonly #guessers = new Map<string, Guesser>();
  #waiting = 0;
  #minute = { startMs: 0, failures: 0 };

  /** Takes a place for checking a token, which `ended` returns. Returns false when none is left. */
  begin(address: string, nowMs: number): boolean {
    const guesser = this.#guesserOf(networkOf(address), nowMs);
    // An address that never sent a wrong token does not wait for those that did.
    const isCrowded = guesser.failures > 0 && this.#waiting >= waitingInAll;
    if (guesser.waiting >= waitingPerAddress || isCrowded) return false;
    guesser.waiting++;
    this.#waiting++;
    return true;
  }

  /** Counts a wrong token. */
  failed(address: string, nowMs: number): Slowed {
    const guesser = this.#guesserOf(networkOf(address), nowMs);
    guesser.failures++;
    guesser.lastMs = nowMs;
    const waitMs = Math.max(waitAfter(guesser.failures), this.#waitOfAll(nowMs));
    return { failures: guesser.failures, waitMs };
  }

  /** Returns the place when the token's answer is sent. */
  ended(address: string): void {
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

/** Returns the network of an address: one customer has a whole /64 of IPv6. */
function networkOf(address: string): string {
  if (!ipaddr.isValid(address)) return address;
  const parsed = ipaddr.process(address);
  if (parsed.kind() === "ipv4") return parsed.toString();
  return parsed.toByteArray().slice(0, 8).join(".");
}
