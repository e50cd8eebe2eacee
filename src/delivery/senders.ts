/** Senders, one for each destination and revision of its settings; a new revision closes the old sender. */
import { attemptMs, usualTime } from "../destinations/attempt-time.ts";
import type { Sender, SenderContext } from "../destinations/destination.ts";
import { loadDestination } from "../destinations/registry.ts";
import { parseSettings } from "../destinations/settings.ts";
import type { KeyRing } from "../security/key-ring.ts";
import type { DueDelivery, DueDestination } from "../store/deliveries.ts";
import { openSettings } from "../store/destinations.ts";
import { oneByOne, type RequestLimits } from "./destination-queue.ts";

export type ActiveDelivery = DueDelivery & { readonly destination: DueDestination };

/** What it takes to connect to a destination. */
export interface Connectable {
  readonly environment_id: string;
  readonly destination_id: string;
  readonly destination: Pick<DueDestination, "kind" | "revision" | "settingsSealed">;
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
    // Rows read before a change may come after it; the newer settings are as good for them.
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

  /** How much goes into one request to a destination of this kind. */
  async limitsOf(kind: string): Promise<RequestLimits> {
    // A kind that cannot be loaded fails each of its deliveries by name when they are attempted.
    const loaded = await loadDestination(kind).catch(() => null);
    return loaded?.batch ?? oneByOne;
  }

  /** How long an attempt with these deliveries may take; they have one destination. */
  async timeFor(deliveries: readonly ActiveDelivery[]): Promise<number> {
    const kind = deliveries[0]?.destination.kind ?? "";
    const loaded = await loadDestination(kind).catch(() => null);
    const bytes = deliveries.reduce((sum, { body_bytes }) => sum + body_bytes, 0);
    return attemptMs(loaded?.time ?? usualTime, deliveries.length, bytes);
  }

  /** The destination is switched off or gone. */
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
    return kind.connect(parseSettings(kind, settings), this.#context);
  }
}

/** What happens to a sender nobody uses any more is nobody's concern. */
const closeQuietly = ({ sender }: Entry): Promise<void> =>
  sender.then((made) => made.close()).catch(() => {});
