/**
 * The worker: takes jobs in batches, loads what they are about in one query, and hands each delivery to its
 * destination's lane. What comes back is written down as it comes (settler.ts).
 *
 * A batch is not held up by its slowest member. After half a second whatever is still on its way stays in
 * its lane under a lease: its delivery gets a job for later, which finds it finished unless this process
 * died meanwhile, and the batch is done.
 *
 * A job may be handed out twice, or come for a delivery that is finished or not yet due again: then there
 * is nothing to do. Where the destination is switched off the delivery is left pending, without a job, and
 * is taken up again when the destination is activated (activation.ts); where it was deleted the delivery is
 * cancelled.
 */
import type { SenderContext } from "../destinations/destination.ts";
import { type DeliveryId, type DueDelivery, loadDue } from "../store/deliveries.ts";
import { settledInactive } from "../store/destinations.ts";
import type { Store } from "../store/store.ts";
import type { Logger } from "../telemetry/log.ts";
import { Lanes } from "./lanes.ts";
import { outcomeOfDeletion } from "./outcome.ts";
import { type DeliveryMetrics, Reporter } from "./reporter.ts";
import { type ActiveDelivery, Senders } from "./senders.ts";
import { Settler } from "./settler.ts";
import { Ticket, type TicketOffice } from "./ticket.ts";

const batchSize = 100;
const handlers = 4;
const patienceMs = 500;
/** Longer than a place in line and an attempt can take together. */
const leaseMs = 20_000;
const attemptTimeoutMs = 8_000;

export interface DeliveryOptions {
  readonly store: Store;
  readonly log: Logger;
  readonly guard: SenderContext;
  readonly metrics?: DeliveryMetrics;
  /** How long a destination may take; 8 s. */
  readonly timeoutMs?: number;
}

export interface DeliveryWorker {
  /** Takes no more jobs, finishes the attempts under way and gives the rest back. */
  stop(): Promise<void>;
}

export async function startDelivery(options: DeliveryOptions): Promise<DeliveryWorker> {
  const worker = new Worker(options);
  const stopTaking = await options.store.queue.work("deliver", { batchSize, concurrency: handlers }, (jobs) =>
    worker.handle(jobs),
  );
  return { stop: () => worker.stop(stopTaking) };
}

class Worker {
  readonly #store: Store;
  readonly #log: Logger;
  readonly #lanes: Lanes;
  readonly #senders: Senders;
  readonly #settler: Settler;
  readonly #office: TicketOffice;
  /** By delivery id: no delivery is attempted twice at a time in one process. */
  readonly #tickets = new Map<string, Ticket>();
  #stopping = false;

  constructor({ store, log, guard, metrics, timeoutMs = attemptTimeoutMs }: DeliveryOptions) {
    const reporter = new Reporter(log, metrics);
    const senders = new Senders(store.keyRing, guard);
    const settler = new Settler(store);
    this.#store = store;
    this.#log = log;
    this.#senders = senders;
    this.#settler = settler;
    this.#lanes = new Lanes((destinationId, paused) => reporter.paused(destinationId, paused));
    this.#office = {
      timeoutMs,
      connect: (delivery) => senders.get(delivery),
      settle: (outcome) => settler.settle(outcome),
      attempted: (delivery, result, outcome) => reporter.attempted(delivery, result, outcome),
    };
  }

  async handle(jobs: readonly DeliveryId[]): Promise<void> {
    const here = jobs.flatMap(({ deliveryId }) => this.#tickets.get(deliveryId) ?? []);
    const due = await loadDue(
      this.#store.db,
      jobs.filter(({ deliveryId }) => !this.#tickets.has(deliveryId)),
    );
    const tickets = [...here, ...(await this.#admit(due))];
    await Promise.race([Promise.all(tickets.map((ticket) => ticket.done)), pause(patienceMs)]);
    await this.#leaveBehind(tickets);
  }

  /** Tickets for the deliveries whose destinations take events; the others are dealt with. */
  async #admit(due: readonly DueDelivery[]): Promise<Ticket[]> {
    const deleted = due.filter(({ destination }) => destination === null);
    await Promise.all(deleted.map((delivery) => this.#settler.settle(outcomeOfDeletion(delivery))));
    const inactive = due.filter(({ destination }) => destination?.active === false);
    const parked = await settledInactive(this.#store.db, inactive.map(destinationOf));
    for (const { destination_id } of [...deleted, ...inactive]) this.#senders.drop(destination_id);
    return due
      .filter((delivery): delivery is ActiveDelivery => delivery.destination !== null)
      .filter(({ destination_id }) => !parked.has(destination_id))
      .map((delivery) => this.#enter(delivery));
  }

  #enter(delivery: ActiveDelivery): Ticket {
    const known = this.#tickets.get(delivery.delivery_id);
    if (known !== undefined) return known;
    const ticket = new Ticket(delivery, this.#office);
    this.#tickets.set(delivery.delivery_id, ticket);
    const forget = (): void => void this.#tickets.delete(delivery.delivery_id);
    ticket.done.then(forget, forget);
    // Activated a moment after it was read as switched off, or we are about to stop: read it afresh.
    if (this.#stopping || !delivery.destination.active) ticket.putOff(Date.now());
    else this.#lanes.of(delivery).enter(ticket);
    return ticket;
  }

  async #leaveBehind(tickets: readonly Ticket[]): Promise<void> {
    const until = Date.now() + leaseMs;
    await Promise.all(
      tickets.map((ticket) => {
        if (!ticket.decided) this.#lanes.of(ticket.delivery).reconsider(ticket);
        if (ticket.decided) return ticket.done;
        ticket.done.catch((error) => this.#log.error({ err: error }, "delivery could not be settled"));
        return ticket.lease(until);
      }),
    );
  }

  async stop(stopTaking: () => Promise<void>): Promise<void> {
    this.#stopping = true;
    this.#lanes.empty();
    await stopTaking();
    this.#lanes.empty();
    await Promise.allSettled([...this.#tickets.values()].map((ticket) => ticket.done));
    await this.#senders.close();
  }
}

const destinationOf = (delivery: DueDelivery) => ({
  environmentId: delivery.environment_id,
  destinationId: delivery.destination_id,
});

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms).unref());
