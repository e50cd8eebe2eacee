/** A delivery that this process has taken up: it waits in its queue, is attempted, and its outcome is stored. */
import type { Sender } from "../destinations/destination.ts";
import type { ConfiguredExports } from "../export/contract.ts";
import { type AttemptOptions, type AttemptResult, attemptDeliveries, type LinkOf } from "./attempt.ts";
import type { QueuedDelivery, RequestResult } from "./destination-queue.ts";
import { outcomeOf, outcomeOfParking, outcomeOfPutOff } from "./outcome.ts";
import type { ActiveDelivery } from "./senders.ts";
import type { Outcome } from "./settler.ts";

export interface InFlightDeps {
  connect(delivery: ActiveDelivery): Promise<Sender>;
  readonly linkOf: LinkOf;
  readonly exports: ConfiguredExports;
  readonly converter: AttemptOptions["converter"];
  readonly formersOf: AttemptOptions["formersOf"];
  readonly bodyOf: AttemptOptions["bodyOf"];
  settle(outcome: Outcome): Promise<void>;
  attempted(delivery: ActiveDelivery, result: AttemptResult, outcome: Outcome): void;
  /** Returns how long one attempt with all of them may take, in milliseconds. */
  timeFor(deliveries: readonly ActiveDelivery[]): Promise<number>;
  /** Aborted when a stopping process no longer waits for its attempts; their deliveries are given back. */
  readonly ending: AbortSignal;
}

export class InFlightDelivery implements QueuedDelivery {
  readonly delivery: ActiveDelivery;
  readonly deps: InFlightDeps;
  /** Resolves when its outcome is committed; rejects when the outcome could not be written. */
  readonly done: Promise<void>;
  readonly #settled = Promise.withResolvers<void>();
  #decided = false;
  #finished = false;

  constructor(delivery: ActiveDelivery, deps: InFlightDeps) {
    this.delivery = delivery;
    this.deps = deps;
    this.done = this.#settled.promise;
  }

  get bytes(): number {
    return this.delivery.body_bytes;
  }

  get orderKey(): string | null {
    return this.delivery.ordered_by;
  }

  /** Whether its outcome is known, stored or not. */
  get decided(): boolean {
    return this.#decided;
  }

  /** Whether a later delivery of the same person may be queued behind it: it is in flight, or finished for good. */
  get isAhead(): boolean {
    return !this.#decided || this.#finished;
  }

  attempted(result: AttemptResult): Outcome {
    const outcome = outcomeOf(this.delivery, result, Math.random());
    this.deps.attempted(this.delivery, result, outcome);
    this.#decide(outcome);
    return outcome;
  }

  park(crowded: boolean): void {
    this.#decide(outcomeOfParking(this.delivery, crowded));
  }

  /** Gives it back; another process takes it up at once. */
  giveBack(): void {
    this.#decide(outcomeOfPutOff(this.delivery, 0));
  }

  /** Keeps it here. If this process dies, another one takes it up after `ms`. */
  lease(ms: number): Promise<void> {
    return this.deps.settle(outcomeOfPutOff(this.delivery, ms));
  }

  #decide(outcome: Outcome): void {
    this.#decided = true;
    this.#finished = outcome.settlement.state !== "pending";
    this.deps.settle(outcome).then(this.#settled.resolve, this.#settled.reject);
  }
}

/** Sends deliveries of one destination in one request. */
export async function sendTogether(inFlight: readonly InFlightDelivery[]): Promise<RequestResult> {
  const [first] = inFlight;
  if (first === undefined) return { healthy: true, retryKeys: new Set() };
  const { connect, linkOf, exports, converter, formersOf, bodyOf, timeFor, ending } = first.deps;
  const deliveries = inFlight.map(({ delivery }) => delivery);
  const timeoutMs = await timeFor(deliveries);
  const results = await attemptDeliveries(deliveries, {
    connect: () => connect(first.delivery),
    linkOf,
    exports,
    converter,
    formersOf,
    bodyOf,
    timeoutMs,
    ending,
  });
  const retryKeys = new Set<string>();
  for (const [index, one] of inFlight.entries()) {
    const result = results[index] as AttemptResult;
    if (ending.aborted && result.code === "DELIVERY_TIMEOUT") {
      one.giveBack();
      continue;
    }
    const { settlement } = one.attempted(result);
    if (settlement.state === "pending" && one.orderKey !== null) retryKeys.add(one.orderKey);
  }
  return { healthy: results.some(({ failure }) => failure !== "later"), retryKeys };
}
