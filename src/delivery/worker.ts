/**
 * The delivery worker: takes due deliveries in batches (taking.ts), with all that an attempt needs, and adds each to its
 * destination's queue. Outcomes are written as they come (settler.ts).
 *
 * A slow delivery does not delay its batch. After half a second each delivery that is still in flight stays in
 * its queue under a lease, and the batch is done: the delivery is due again later. Whoever takes it then finds it
 * finished or its lease renewed, unless this process died meanwhile.
 *
 * A delivery may be taken twice, or be finished or not yet due again; then there is nothing to do. If the destination is
 * switched off, the delivery is parked until it is activated; if it was deleted, the delivery is cancelled. If the target
 * keeps order and an older delivery of the same person is pending elsewhere, the delivery is parked too.
 */
import { Converter } from "../converting/converter.ts";
import type { SenderContext } from "../destinations/destination.ts";
import type { ConfiguredExports } from "../export/contract.ts";
import { exportSettings } from "../export/settings.ts";
import { repeat } from "../repeating.ts";
import { sideBySide } from "../side-by-side.ts";
import type { DueDelivery } from "../store/deliveries.ts";
import { notePause } from "../store/destination-health.ts";
import type { DestinationId } from "../store/destinations.ts";
import { correctDue, giveBackDue, putStraysDue } from "../store/due-deliveries.ts";
import { eventBody } from "../store/events.ts";
import { newId } from "../store/identifiers.ts";
import type { Store } from "../store/store.ts";
import { type TakenDelivery, takeDue } from "../store/taken-deliveries.ts";
import type { Logger } from "../telemetry/log.ts";
import type { Pause } from "./breaker.ts";
import { oneByOne, type RequestLimits } from "./destination-queue.ts";
import { DestinationQueues } from "./destination-queues.ts";
import { formerEvents } from "./former-records.ts";
import { InFlightDelivery, type InFlightDeps } from "./in-flight.ts";
import { linksOf } from "./links.ts";
import { outcomeOfDeletion, outcomeOfExpiry, outcomeOfParking } from "./outcome.ts";
import { type DeliveryMetrics, Reporter } from "./reporter.ts";
import { type ActiveDelivery, Senders } from "./senders.ts";
import { Settler } from "./settler.ts";
import { type Begun, Taking } from "./taking.ts";
import { startWaking } from "./wake.ts";

/** A batch waits this long for its deliveries before it leases those that are left. */
const leaseAfterMs = 500;
/** Renewed in time for as long as the delivery is in flight here. */
const usualLeaseMs = 20_000;
/** Between two looks for what a process of a former release left. */
const straysMs = 60_000;
/** The time after which a delivery that could not be handled is due again. */
const againMs = 2_000;
/** How long a stopping worker waits for the attempts under way. */
const endingMs = 4_000;

export interface DeliveryOptions {
  readonly store: Store;
  readonly log: Logger;
  readonly guard: SenderContext;
  /** Our public address: links to bodies begin with it. */
  readonly publicUrl: string;
  /** By default our FHIR codes are below our public address. */
  readonly exports?: ConfiguredExports;
  readonly metrics?: DeliveryMetrics;
  /** How long every attempt may take; by default what its kind declares. */
  readonly timeoutMs?: number;
  /** How long after the death of a process another one takes up its deliveries; by default 20 s. */
  readonly leaseMs?: number;
}

export interface DeliveryWorker {
  /** Takes no more jobs, finishes the attempts under way and gives the rest back. */
  stop(): Promise<void>;
}

export async function startDelivery(options: DeliveryOptions): Promise<DeliveryWorker> {
  const { store, log } = options;
  const worker = new Worker(options);
  const taker = newId();
  const taking = new Taking({
    take: (most) => takeDue(store.db, taker, most),
    begin: async (taken) => {
      const { settled } = await worker.begin(taken);
      const notDue = taken.filter(({ state }) => state === "not due");
      return { settled: Promise.all([settled, correctDue(store.db, taker, notDue)]).then(() => {}) };
    },
    giveBack: (taken) => giveBackDue(store.db, taker, taken, againMs),
    failed: (err) => log.error({ err }, "due deliveries"),
  });
  const stopListening = store.queue.listenForDue(() => taking.tell());
  const looking = repeat(
    () => putStraysDue(store.db),
    straysMs,
    (err) => log.error({ err }, "deliveries of a former release"),
  );
  looking.now();
  const stopWaking = startWaking(store, log);
  return {
    async stop() {
      await Promise.all([stopWaking(), looking.stop(), stopListening()]);
      await worker.stop(() => taking.stop());
    },
  };
}

class Worker {
  readonly #store: Store;
  readonly #converter: Converter;
  readonly #log: Logger;
  readonly #queues: DestinationQueues;
  readonly #senders: Senders;
  readonly #settler: Settler;
  readonly #deps: InFlightDeps;
  /** By delivery id: one process never makes two attempts of one delivery at a time. */
  readonly #inFlight = new Map<string, InFlightDelivery>();
  readonly #limits = new Map<string, RequestLimits>();
  readonly #leased = new WeakSet<InFlightDelivery>();
  readonly #leaseMs: number;
  /** Pauses that are being written. */
  readonly #pauses = new Set<Promise<void>>();
  readonly #ending = new AbortController();
  #stopping = false;

  constructor(options: DeliveryOptions) {
    const { store, log, guard, publicUrl, metrics, timeoutMs, leaseMs = usualLeaseMs } = options;
    const { exports = exportSettings(publicUrl) } = options;
    const converter = new Converter();
    const reporter = new Reporter(log, metrics);
    const senders = new Senders(store.keyRing, guard);
    const settler = new Settler(store.db);
    this.#store = store;
    this.#converter = converter;
    this.#log = log;
    this.#leaseMs = leaseMs;
    this.#senders = senders;
    this.#settler = settler;
    this.#queues = new DestinationQueues({
      paused: (destinationId, paused) => reporter.paused(destinationId, paused),
      pauseBegun: (id, pause) => this.#writePause(id, pause),
    });
    this.#deps = {
      timeFor: async (deliveries) => timeoutMs ?? senders.timeFor(deliveries),
      ending: this.#ending.signal,
      connect: (delivery) => senders.get(delivery),
      linkOf: linksOf(store, senders, publicUrl),
      exports,
      converter,
      formersOf: (event) => formerEvents(store, event),
      bodyOf: (delivery) => eventBody(store.bodies, delivery),
      settle: (outcome) => settler.settle(outcome),
      attempted: (delivery, result, outcome) => reporter.attempted(delivery, result, outcome),
    };
  }

  async begin(taken: readonly TakenDelivery[]): Promise<Begun> {
    const here = taken.flatMap(({ deliveryId }) => this.#inFlight.get(deliveryId) ?? []);
    const others = taken.filter(({ deliveryId }) => !this.#inFlight.has(deliveryId));
    const due = others.flatMap((one) => (one.state === "due" ? one.delivery : []));
    const expired = others.filter(({ state }) => state === "expired");
    await Promise.all(expired.map((id) => this.#settler.settle(outcomeOfExpiry(id))));
    return { settled: this.#settled([...here, ...(await this.#admit(due))]) };
  }

  async #settled(inFlight: readonly InFlightDelivery[]): Promise<void> {
    await Promise.race([Promise.allSettled(inFlight.map(({ done }) => done)), pause(leaseAfterMs)]);
    await this.#leaseRest(inFlight);
  }

  /** Queues the deliveries whose destinations take events and returns them; settles the others. */
  async #admit(due: readonly DueDelivery[]): Promise<InFlightDelivery[]> {
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
    return active.map((delivery) => this.#take(delivery));
  }

  async #learnLimits(kind: string): Promise<void> {
    if (!this.#limits.has(kind)) this.#limits.set(kind, await this.#senders.limitsOf(kind));
  }

  #take(delivery: ActiveDelivery): InFlightDelivery {
    const known = this.#inFlight.get(delivery.delivery_id);
    if (known !== undefined) return known;
    const outOfTurn = this.#isOutOfTurn(delivery);
    const inFlight = new InFlightDelivery(delivery, this.#deps);
    this.#inFlight.set(delivery.delivery_id, inFlight);
    const forget = (): void => void this.#inFlight.delete(delivery.delivery_id);
    inFlight.done.then(forget, forget);
    if (this.#stopping) inFlight.giveBack();
    else if (outOfTurn) inFlight.park(false);
    else this.#add(inFlight);
    return inFlight;
  }

  /** Whether an older delivery of the same person is pending and not in flight in this process. */
  #isOutOfTurn({ destination_id, ordered_by, older }: ActiveDelivery): boolean {
    if (ordered_by === null || older.length === 0) return false;
    const here = [...this.#inFlight.values()].flatMap(({ isAhead, delivery }) => {
      const samePerson = delivery.ordered_by === ordered_by && delivery.destination_id === destination_id;
      return samePerson && isAhead ? delivery.ordinal : [];
    });
    return older.some((ordinal) => !here.includes(ordinal));
  }

  #add(inFlight: InFlightDelivery): void {
    const queue = this.#queueOf(inFlight);
    if (!inFlight.delivery.destination.failing) queue.resume();
    queue.add(inFlight);
  }

  #queueOf({ delivery }: InFlightDelivery) {
    return this.#queues.of(delivery, this.#limits.get(delivery.destination.kind) ?? oneByOne);
  }

  /** A pause that could not be written is only not shown. */
  #writePause(id: DestinationId, pause: Pause): void {
    const written = notePause(this.#store.db, id, pause)
      .catch((err: unknown) => this.#log.error({ err }, "pause of a destination not written"))
      .finally(() => this.#pauses.delete(written));
    this.#pauses.add(written);
  }

  /** Leases all that are left before it throws: otherwise they would be given back with the one that failed. */
  async #leaseRest(deliveries: readonly InFlightDelivery[]): Promise<void> {
    await sideBySide(
      ...deliveries.map((delivery) => {
        if (!delivery.decided) this.#queueOf(delivery).parkUnlessSoon(delivery);
        if (delivery.decided) return delivery.done;
        return this.#lease(delivery);
      }),
    );
  }

  /** Resolves when the first lease is written. Renews the lease for as long as the delivery is in flight. */
  async #lease(delivery: InFlightDelivery): Promise<void> {
    if (this.#leased.has(delivery)) return;
    delivery.done.catch((error) => this.#log.error({ err: error }, "delivery could not be settled"));
    await delivery.lease(this.#leaseMs);
    this.#leased.add(delivery);
    const renew = (): void => {
      if (!delivery.decided) delivery.lease(this.#leaseMs).catch(() => {});
    };
    const timer = setInterval(renew, this.#leaseMs / 2).unref();
    const end = (): void => clearInterval(timer);
    delivery.done.then(end, end);
  }

  async stop(stopTaking: () => Promise<void>): Promise<void> {
    this.#stopping = true;
    this.#giveBackAll();
    const ending = setTimeout(() => this.#ending.abort(), endingMs);
    await stopTaking();
    this.#giveBackAll();
    await Promise.allSettled([...this.#inFlight.values()].map(({ done }) => done));
    await Promise.all(this.#pauses);
    clearTimeout(ending);
    await this.#senders.close();
    await this.#converter.close();
  }

  #giveBackAll(): void {
    for (const delivery of this.#queues.empty()) delivery.giveBack();
  }
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms).unref());
