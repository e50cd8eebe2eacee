/** The lanes of all destinations; a new revision of a destination's settings gets a new one. */
import { Lane, type LaneLimits } from "./lane.ts";
import type { ActiveDelivery } from "./senders.ts";
import { rideTogether, type Ticket } from "./ticket.ts";

export class Lanes {
  readonly #lanes = new Map<string, { readonly revision: number; readonly lane: Lane<Ticket> }>();
  readonly #onPause: (destinationId: string, paused: boolean) => void;

  constructor(onPause: (destinationId: string, paused: boolean) => void) {
    this.#onPause = onPause;
  }

  /** Whoever waits in the lane of an older revision is served there. */
  of({ destination_id: id, destination }: ActiveDelivery, limits: LaneLimits): Lane<Ticket> {
    const known = this.#lanes.get(id);
    if (known !== undefined && known.revision >= destination.revision) return known.lane;
    const lane = new Lane<Ticket>({
      limits,
      ride: rideTogether,
      onPause: (paused) => this.#onPause(id, paused),
    });
    this.#lanes.set(id, { revision: destination.revision, lane });
    return lane;
  }

  empty(): Ticket[] {
    return [...this.#lanes.values()].flatMap(({ lane }) => lane.empty());
  }
}
