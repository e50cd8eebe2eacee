/**
 * The worker: takes jobs in batches, loads what they are about in one query, and hands each delivery to its
 * destination's lane. What comes back is written down as it comes (settler.ts).
 *
 * A batch is not held up by its slowest member. After half a second whatever is still on its way stays in
 * its lane under a lease: its delivery gets a job for later, which finds it finished, or its lease renewed, unless
 * this process died meanwhile; and the batch is done.
 *
 * A job may be handed out twice, or come for a delivery that is finished or not yet due again: then there
 * is nothing to do. Where the destination is switched off the delivery is parked until it is activated; where
 * it was deleted the delivery is cancelled. Where the target keeps order, a delivery whose person has an older
 * one pending elsewhere is parked too.
 */
import type { SenderContext } from "../destinations/destination.ts";
import { type DeliveryId, type DueDelivery, loadDue } from "../store/deliveries.ts";
import type { Store } from "../store/store.ts";
import type { Logger } from "../telemetry/log.ts";
import { type LaneLimits, oneByOne } from "./lane.ts";
import { Lanes } from "./lanes.ts";
import { linksOf } from "./links.ts";
import { outcomeOfDeletion, outcomeOfExpiry, outcomeOfParking } from "./outcome.ts";
import { type DeliveryMetrics, Reporter } from "./reporter.ts";
import { type ActiveDelivery, Senders } from "./senders.ts";
import { Settler } from "./settler.ts";
import { Ticket, type TicketOffice } from "./ticket.ts";
import { startWaking } from "./wake.ts";

const batchSize = 100;
const handlers = 4;
const patienceMs = 500;
/** Renewed in time for as long as the delivery is under way here. */
const usualLeaseMs = 20_000;
/** For the attempts under way when the worker is stopped. */
const endingMs = 4_000;

export interface DeliveryOptions {
  readonly store: Store;
  readonly log: Logger;
  readonly guard: SenderContext;
  /** How the world reaches us: links to bodies begin with it. */
  readonly publicUrl: string;
  readonly metrics?: DeliveryMetrics;
  /** How long every attempt may take, in place of what each kind declares. */
  readonly timeoutMs?: number;
  /** How long after a process has died its deliveries are taken up by another; 20 s. */
  readonly leaseMs?: number;
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
  const stopWaking = startWaking(options.store, options.log);
  return {
    async stop() {
      await stopWaking();
      await worker.stop(stopTaking);
    },
  };
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
  readonly #limits = new Map<string, LaneLimits>();
  readonly #leased = new WeakSet<Ticket>();
  readonly #leaseMs: number;
  readonly #ending = new AbortController();
  #stopping = false;

  constructor(options: DeliveryOptions) {
    const { store, log, guard, publicUrl, metrics, timeoutMs, leaseMs = usualLeaseMs } = options;
    const reporter = new Reporter(log, metrics);
    const senders = new Senders(store.keyRing, guard);
    const settler = new Settler(store);
    this.#store = store;
    this.#log = log;
    this.#leaseMs = leaseMs;
    this.#senders = senders;
    this.#settler = settler;
    this.#lanes = new Lanes((destinationId, paused) => reporter.paused(destinationId, paused));
    this.#office = {
      timeFor: async (deliveries) => timeoutMs ?? senders.timeFor(deliveries),
      ending: this.#ending.signal,
      connect: (delivery) => senders.get(delivery),
      linkOf: linksOf(store, senders, publicUrl),
      settle: (outcome) => settler.settle(outcome),
      attempted: (delivery, result, outcome) => reporter.attempted(delivery, result, outcome),
    };
  }

  async handle(jobs: readonly DeliveryId[]): Promise<void> {
    const here = jobs.flatMap(({ deliveryId }) => this.#tickets.get(deliveryId) ?? []);
    const { deliveries: due, expired } = await loadDue(
      this.#store.db,
      jobs.filter(({ deliveryId }) => !this.#tickets.has(deliveryId)),
    );
    await Promise.all(expired.map((delivery) => this.#settler.settle(outcomeOfExpiry(delivery))));
    const tickets = [...here, ...(await this.#admit(due))];
    await Promise.race([Promise.all(tickets.map((ticket) => ticket.done)), pause(patienceMs)]);
    await this.#leaveBehind(tickets);
  }

  /** Tickets for the deliveries whose destinations take events; the others are dealt with. */
  async #admit(due: readonly DueDelivery[]): Promise<Ticket[]> {
    const deleted = due.filter(({ destination }) => destination === null);
    const inactive = due.filter(({ destination }) => destination?.active === false);
    await Promise.all([
      ...deleted.map((delivery) => this.#settler.settle(outcomeOfDeletion(delivery))),
      ...inactive.map((delivery) => this.#settler.settle(outcomeOfParking(delivery, false))),
    ]);
    for (const { destination_id } of [...deleted, ...inactive]) this.#senders.drop(destination_id);
    const active = due
      .filter((delivery): delivery is ActiveDelivery => delivery.destination?.active === true)
      .sort((a, b) => (BigInt(a.ordinal) < BigInt(b.ordinal) ? -1 : 1));
    const kinds = [...new Set(active.map(({ destination }) => destination.kind))];
    await Promise.all(kinds.map((kind) => this.#learnLimits(kind)));
    return active.map((delivery) => this.#enter(delivery));
  }

  async #learnLimits(kind: string): Promise<void> {
    if (!this.#limits.has(kind)) this.#limits.set(kind, await this.#senders.limitsOf(kind));
  }

  #enter(delivery: ActiveDelivery): Ticket {
    const known = this.#tickets.get(delivery.delivery_id);
    if (known !== undefined) return known;
    const outOfTurn = this.#isOutOfTurn(delivery);
    const ticket = new Ticket(delivery, this.#office);
    this.#tickets.set(delivery.delivery_id, ticket);
    const forget = (): void => void this.#tickets.delete(delivery.delivery_id);
    ticket.done.then(forget, forget);
    if (this.#stopping) ticket.giveBack();
    else if (outOfTurn) ticket.park(false);
    else this.#line(ticket);
    return ticket;
  }

  /** Whether an older delivery of the same person is pending that is not on its way from here. */
  #isOutOfTurn({ destination_id, ordered_by, ordinal, older }: ActiveDelivery): boolean {
    if (ordered_by === null || older === 0) return false;
    const here = [...this.#tickets.values()].filter(({ isAhead, delivery }) => {
      const samePerson = delivery.ordered_by === ordered_by && delivery.destination_id === destination_id;
      return samePerson && isAhead && BigInt(delivery.ordinal) < BigInt(ordinal);
    });
    return here.length < older;
  }

  #line(ticket: Ticket): void {
    const lane = this.#laneOf(ticket);
    if (!ticket.delivery.destination.failing) lane.encourage();
    lane.enter(ticket);
  }

  #laneOf({ delivery }: Ticket) {
    return this.#lanes.of(delivery, this.#limits.get(delivery.destination.kind) ?? oneByOne);
  }

  async #leaveBehind(tickets: readonly Ticket[]): Promise<void> {
    await Promise.all(
      tickets.map((ticket) => {
        if (!ticket.decided) this.#laneOf(ticket).reconsider(ticket);
        if (ticket.decided) return ticket.done;
        return this.#lease(ticket);
      }),
    );
  }

  /** Resolves when its first lease is written; the next ones follow for as long as it is under way. */
  async #lease(ticket: Ticket): Promise<void> {
    if (this.#leased.has(ticket)) return;
    ticket.done.catch((error) => this.#log.error({ err: error }, "delivery could not be settled"));
    await ticket.lease(this.#leaseMs);
    this.#leased.add(ticket);
    const renew = (): void => {
      if (!ticket.decided) ticket.lease(this.#leaseMs).catch(() => {});
    };
    const timer = setInterval(renew, this.#leaseMs / 2).unref();
    const end = (): void => clearInterval(timer);
    ticket.done.then(end, end);
  }

  async stop(stopTaking: () => Promise<void>): Promise<void> {
    this.#stopping = true;
    this.#giveBackAll();
    const ending = setTimeout(() => this.#ending.abort(), endingMs);
    await stopTaking();
    this.#giveBackAll();
    await Promise.allSettled([...this.#tickets.values()].map((ticket) => ticket.done));
    clearTimeout(ending);
    await this.#senders.close();
  }

  #giveBackAll(): void {
    for (const ticket of this.#lanes.empty()) ticket.giveBack();
  }
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms).unref());
