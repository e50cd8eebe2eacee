/** Keeps one sender for each destination and revision of its settings. A new revision closes the old sender. */
import { attemptMs, usualTime } from "../destinations/attempt-time.ts";
import type { Sender, SenderContext } from "../destinations/destination.ts";
import { loadDestination } from "../destinations/registry.ts";
import { parseSettings } from "../destinations/settings.ts";
import type { KeyRing } from "../security/key-ring.ts";
import type { DueDelivery, DueDestination } from "../store/deliveries.ts";
import { openSettings } from "../store/destinations.ts";
import { oneByOne, type RequestLimits } from "./destination-queue.ts";

export type ActiveDelivery = DueDelivery & { readonly destination: DueDestination };

/** The facts needed to connect to a destination. */
export interface Connectable {
  readonly environment_id: string;
  readonly destination_id: string;
  readonly destination: Pick<DueDestination, "kind" | "revision" | "settingsSealed" | "format">;
}

interface Entry {
  readonly revision: number;
  readonly sender: Promise<Sender>;
}

export class Senders {
  readonly #entries = new Map<string, Entry>();
  readonly #keyRing: KeyRing;
  readonly #context: SenderContext;

  constructor(keyRing: KeyRing, context: SenderContext) {
    this.#keyRing = keyRing;
    this.#context = context;
  }

  /** @throws SystoleError when the kind is unknown, or its settings cannot be opened or used */
  async get(delivery: Connectable): Promise<Sender> {
    const { destination_id: destinationId, destination } = delivery;
    const known = this.#entries.get(destinationId);
    // A row read before a change may arrive after it; the newer settings serve it as well.
    if (known !== undefined && known.revision >= destination.revision) return known.sender;
    const entry = { revision: destination.revision, sender: this.#connect(delivery) };
    this.#entries.set(destinationId, entry);
    if (known !== undefined) void closeQuietly(known);
    try {
      return await entry.sender;
    } catch (error) {
      if (this.#entries.get(destinationId) === entry) this.#entries.delete(destinationId);
      throw error;
    }
  }

  /** Returns how much goes into one request to a destination of this kind. */
  async limitsOf(kind: string): Promise<RequestLimits> {
    // If a kind cannot be loaded, the attempts of its deliveries report that.
    const loaded = await loadDestination(kind).catch(() => null);
    return loaded?.batch ?? oneByOne;
  }

  /** Returns how long an attempt with these deliveries of one destination may take. */
  async timeFor(deliveries: readonly ActiveDelivery[]): Promise<number> {
    const kind = deliveries[0]?.destination.kind ?? "";
    const loaded = await loadDestination(kind).catch(() => null);
    const bytes = deliveries.reduce((sum, { body_bytes }) => sum + body_bytes, 0);
    return attemptMs(loaded?.time ?? usualTime, deliveries.length, bytes);
  }

  /** Closes the sender of a destination that is switched off or deleted. */
  drop(destinationId: string): void {
    const entry = this.#entries.get(destinationId);
    if (entry === undefined) return;
    this.#entries.delete(destinationId);
    void closeQuietly(entry);
  }

  async close(): Promise<void> {
    const entries = [...this.#entries.values()];
    this.#entries.clear();
    await Promise.all(entries.map(closeQuietly));
  }

  async #connect(delivery: Connectable): Promise<Sender> {
    const kind = await loadDestination(delivery.destination.kind);
    const id = { environmentId: delivery.environment_id, destinationId: delivery.destination_id };
    const settings = openSettings(this.#keyRing, id, delivery.destination.settingsSealed);
    return kind.connect(parseSettings(kind, settings), this.#context, delivery.destination.format);
  }
}

/** Closes a sender that is no longer used; errors do not matter. */
const closeQuietly = ({ sender }: Entry): Promise<void> =>
  sender.then((made) => made.close()).catch(() => {});
