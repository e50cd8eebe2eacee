/** A delivery on its way through this process: waiting in its lane, attempted, written down. */
import type { Sender } from "../destinations/destination.ts";
import { type AttemptResult, attemptDelivery } from "./attempt.ts";
import type { Passenger } from "./lane.ts";
import { outcomeOf, outcomeOfPutOff, outcomeOfRefusal } from "./outcome.ts";
import type { ActiveDelivery } from "./senders.ts";
import type { Outcome } from "./settler.ts";

export interface TicketOffice {
  connect(delivery: ActiveDelivery): Promise<Sender>;
  settle(outcome: Outcome): Promise<void>;
  /** An attempt was made, or the breaker answered instead. */
  attempted(delivery: ActiveDelivery, result: AttemptResult | null, outcome: Outcome): void;
  readonly timeoutMs: number;
}

export class Ticket implements Passenger {
  readonly delivery: ActiveDelivery;
  /** Resolves when what became of it is committed; rejects when that could not be written. */
  readonly done: Promise<void>;
  readonly #settled = Promise.withResolvers<void>();
  readonly #office: TicketOffice;
  #decided = false;

  constructor(delivery: ActiveDelivery, office: TicketOffice) {
    this.delivery = delivery;
    this.#office = office;
    this.done = this.#settled.promise;
  }

  get bytes(): number {
    return this.delivery.body_bytes;
  }

  /** Whether it is known what becomes of it, written down or not. */
  get decided(): boolean {
    return this.#decided;
  }

  async attempt(): Promise<boolean> {
    const { delivery } = this;
    const result = await attemptDelivery(
      delivery,
      () => this.#office.connect(delivery),
      this.#office.timeoutMs,
    );
    const outcome = outcomeOf(delivery, result, Date.now(), Math.random());
    this.#office.attempted(delivery, result, outcome);
    this.#decide(outcome);
    return result.failure !== "later";
  }

  refuse(until: number): void {
    const outcome = outcomeOfRefusal(this.delivery, until, Date.now(), Math.random());
    this.#office.attempted(this.delivery, null, outcome);
    this.#decide(outcome);
  }

  putOff(until: number): void {
    this.#decide(outcomeOfPutOff(this.delivery, until));
  }

  /** Stays here without a job of its own; should this process die, another one comes by then. */
  lease(until: number): Promise<void> {
    return this.#office.settle(outcomeOfPutOff(this.delivery, until));
  }

  #decide(outcome: Outcome): void {
    this.#decided = true;
    this.#office.settle(outcome).then(this.#settled.resolve, this.#settled.reject);
  }
}
