import { randomUUID } from "node:crypto";

export interface Webhook {
  id: string;
  events: string[];
  url: string;
  secret: string;
  active: boolean;
  /** When, on the sandbox's clock, pushes began to fail without one success since. */
  failingSince?: number | undefined;
}

/** Polar keeps one webhook per client. */
export class WebhookRegistry {
  #webhook: Webhook | undefined;

  get(): Webhook | undefined {
    return this.#webhook;
  }

  /** Not yet kept: the PING decides. */
  draft(url: string, events: string[]): Webhook {
    return { id: randomUUID().slice(0, 8), events, url, secret: randomUUID(), active: true };
  }

  keep(webhook: Webhook): void {
    this.#webhook = webhook;
  }

  remove(): void {
    this.#webhook = undefined;
  }
}
