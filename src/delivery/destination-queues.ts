/** The queues of all destinations. A new revision of a destination's settings gets a new queue. */
import type { DestinationId } from "../store/destinations.ts";
import type { Pause } from "./breaker.ts";
import { DestinationQueue, type RequestLimits } from "./destination-queue.ts";
import { type InFlightDelivery, sendTogether } from "./in-flight.ts";
import type { ActiveDelivery } from "./senders.ts";

interface Entry {
  readonly revision: number;
  readonly queue: DestinationQueue<InFlightDelivery>;
}

interface PauseWatcher {
  paused(destinationId: string, paused: boolean): void;
  pauseBegun(id: DestinationId, pause: Pause): void;
}

export class DestinationQueues {
  readonly #entries = new Map<string, Entry>();
  readonly #watcher: PauseWatcher;

  constructor(watcher: PauseWatcher) {
    this.#watcher = watcher;
  }

  /** Returns the queue of a delivery's destination. Deliveries queued under an older revision finish with that revision. */
  of(
    { environment_id: environmentId, destination_id: id, destination }: ActiveDelivery,
    limits: RequestLimits,
  ): DestinationQueue<InFlightDelivery> {
    const known = this.#entries.get(id);
    if (known !== undefined && known.revision >= destination.revision) return known.queue;
    const queue = new DestinationQueue<InFlightDelivery>({
      limits,
      send: sendTogether,
      onPause: (paused) => this.#watcher.paused(id, paused),
      onPauseBegun: (pause) => this.#watcher.pauseBegun({ environmentId, destinationId: id }, pause),
    });
    this.#entries.set(id, { revision: destination.revision, queue });
    return queue;
  }

  /** Removes all waiting deliveries of all queues and returns them. */
  empty(): InFlightDelivery[] {
    return [...this.#entries.values()].flatMap(({ queue }) => queue.empty());
  }
}
