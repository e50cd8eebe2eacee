/** The queues of all destinations. A new revision of a destination's settings gets a new queue. */
import { DestinationQueue, type RequestLimits } from "./destination-queue.ts";
import { type InFlightDelivery, sendTogether } from "./in-flight.ts";
import type { ActiveDelivery } from "./senders.ts";

interface Entry {
  readonly revision: number;
  readonly queue: DestinationQueue<InFlightDelivery>;
}

export class DestinationQueues {
  readonly #entries = new Map<string, Entry>();
  readonly #onPause: (destinationId: string, paused: boolean) => void;

  constructor(onPause: (destinationId: string, paused: boolean) => void) {
    this.#onPause = onPause;
  }

  /** Returns the queue of a delivery's destination. Deliveries queued under an older revision finish with that revision. */
  of(
    { destination_id: id, destination }: ActiveDelivery,
    limits: RequestLimits,
  ): DestinationQueue<InFlightDelivery> {
    const known = this.#entries.get(id);
    if (known !== undefined && known.revision >= destination.revision) return known.queue;
    const queue = new DestinationQueue<InFlightDelivery>({
      limits,
      send: sendTogether,
      onPause: (paused) => this.#onPause(id, paused),
    });
    this.#entries.set(id, { revision: destination.revision, queue });
    return queue;
  }

  /** Removes all waiting deliveries of all queues and returns them. */
  empty(): InFlightDelivery[] {
    return [...this.#entries.values()].flatMap(({ queue }) => queue.empty());
  }
}
