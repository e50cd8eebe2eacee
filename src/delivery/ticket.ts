/** A delivery on its way through this process: waiting in its lane, attempted, written down. */
import type { Sender } from "../destinations/destination.ts";
import { type AttemptResult, attemptDeliveries, type LinkOf } from "./attempt.ts";
import type { Passenger, Ride } from "./lane.ts";
import { outcomeOf, outcomeOfParking, outcomeOfPutOff } from "./outcome.ts";
import type { ActiveDelivery } from "./senders.ts";
import type { Outcome } from "./settler.ts";

export interface TicketOffice {
  connect(delivery: ActiveDelivery): Promise<Sender>;
  readonly linkOf: LinkOf;
  settle(outcome: Outcome): Promise<void>;
  attempted(delivery: ActiveDelivery, result: AttemptResult, outcome: Outcome): void;
  /** How long one attempt with all of them may take, in milliseconds. */
  timeFor(deliveries: readonly ActiveDelivery[]): Promise<number>;
  /** Aborted when this process waits for attempts no longer; their deliveries are given back. */
  readonly ending: AbortSignal;
}

export class Ticket implements Passenger {
  readonly delivery: ActiveDelivery;
  readonly office: TicketOffice;
  /** Resolves when what became of it is committed; rejects when that could not be written. */
  readonly done: Promise<void>;
  readonly #settled = Promise.withResolvers<void>();
  #decided = false;
  #finished = false;

  constructor(delivery: ActiveDelivery, office: TicketOffice) {
    this.delivery = delivery;
    this.office = office;
    this.done = this.#settled.promise;
  }

  get bytes(): number {
    return this.delivery.body_bytes;
  }

  get orderKey(): string | null {
    return this.delivery.ordered_by;
  }

  /** Whether it is known what becomes of it, written down or not. */
  get decided(): boolean {
    return this.#decided;
  }

  /** Whether whoever comes after it may follow: it is on its way, or done for good. */
  get isAhead(): boolean {
    return !this.#decided || this.#finished;
  }

  attempted(result: AttemptResult): Outcome {
    const outcome = outcomeOf(this.delivery, result, Math.random());
    this.office.attempted(this.delivery, result, outcome);
    this.#decide(outcome);
    return outcome;
  }

  park(crowded: boolean): void {
    this.#decide(outcomeOfParking(this.delivery, crowded));
  }

  /** Another process takes it up at once. */
  giveBack(): void {
    this.#decide(outcomeOfPutOff(this.delivery, 0));
  }

  /** Stays here without a job of its own; should this process die, another one comes after so long. */
  lease(ms: number): Promise<void> {
    return this.office.settle(outcomeOfPutOff(this.delivery, ms));
  }

  #decide(outcome: Outcome): void {
    this.#decided = true;
    this.#finished = outcome.settlement.state !== "pending";
    this.office.settle(outcome).then(this.#settled.resolve, this.#settled.reject);
  }
}

/** One request for all of them; they have one destination. */
export async function rideTogether(tickets: readonly Ticket[]): Promise<Ride> {
  const [first] = tickets;
  if (first === undefined) return { well: true, heldUp: new Set() };
  const { connect, linkOf, timeFor, ending } = first.office;
  const deliveries = tickets.map(({ delivery }) => delivery);
  const timeoutMs = await timeFor(deliveries);
  const results = await attemptDeliveries(deliveries, {
    connect: () => connect(first.delivery),
    linkOf,
    timeoutMs,
    ending,
  });
  const heldUp = new Set<string>();
  for (const [index, ticket] of tickets.entries()) {
    const result = results[index] as AttemptResult;
    if (ending.aborted && result.code === "DELIVERY_TIMEOUT") {
      ticket.giveBack();
      continue;
    }
    const { settlement } = ticket.attempted(result);
    if (settlement.state === "pending" && ticket.orderKey !== null) heldUp.add(ticket.orderKey);
  }
  return { well: results.some(({ failure }) => failure !== "later"), heldUp };
}
