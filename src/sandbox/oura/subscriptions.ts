/** Subscriptions: one for each pair of data type and operation. They end after ninety days. */
import type { Clock } from "../kit/clock.ts";
import { Random } from "../kit/random.ts";

const lifetimeMs = 90 * 86_400_000;

export const operations = ["create", "update", "delete"] as const;
export type Operation = (typeof operations)[number];

export interface Subscription {
  readonly id: string;
  callback_url: string;
  event_type: string;
  data_type: string;
  /** Milliseconds since 1970 on the sandbox's clock. */
  endsAt: number;
}

type Wanted = Pick<Subscription, "callback_url" | "event_type" | "data_type">;

export class Subscriptions {
  readonly #clock: Clock;
  readonly #held = new Map<string, Subscription>();
  #made = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Returns the subscriptions that have not ended. */
  all(): Subscription[] {
    return [...this.#held.values()].filter(({ endsAt }) => endsAt > this.#clock.now());
  }

  find(id: string): Subscription | undefined {
    return this.all().find((one) => one.id === id);
  }

  of({ event_type, data_type }: Pick<Wanted, "event_type" | "data_type">): Subscription | undefined {
    return this.all().find((one) => one.event_type === event_type && one.data_type === data_type);
  }

  make(wanted: Wanted): Subscription {
    this.#made += 1;
    const id = new Random("oura subscription", this.#made, this.#clock.now()).uuid().toLowerCase();
    const made = { id, ...wanted, endsAt: this.#clock.now() + lifetimeMs };
    this.#held.set(id, made);
    return made;
  }

  renew(subscription: Subscription): void {
    subscription.endsAt = this.#clock.now() + lifetimeMs;
  }

  remove(id: string): void {
    this.#held.delete(id);
  }

  clear(): void {
    this.#held.clear();
  }
}

/** The form in which Oura shows a subscription. */
export const shown = ({ endsAt, ...rest }: Subscription): object => ({
  ...rest,
  expiration_time: new Date(endsAt).toISOString(),
});
