import { randomUUID } from "node:crypto";

export interface Webhook {
  id: string;
  events: string[];
  url: string;
  secret: string;
  active: boolean;
  /** When pushes began to fail without a success since, on the sandbox's clock. */
  failingSince?: number | undefined;
}

/** The webhooks. Polar keeps one for each client. */
export class WebhookRegistry {
  #webhook: Webhook | undefined;

  get(): Webhook | undefined {
    return this.#webhook;
  }

  /** Makes a webhook without storing it: the PING decides. */
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
