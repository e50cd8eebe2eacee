import { createHmac } from "node:crypto";
import { setMaxListeners } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { Agent, request } from "undici";
import type { Clock } from "../../kit/clock.ts";
import type { Webhook, WebhookRegistry } from "./registry.ts";

export interface Notification {
  event: string;
  user_id: number;
  [extra: string]: unknown;
}

/** One attempt of one push, as the control side lists it. */
export interface Attempt {
  event: string;
  user_id: number | null;
  url: string;
  attempt: number;
  status: number | null;
  error: string | null;
  /** The time on the sandbox's clock. */
  at: string;
  body: string;
}

interface Job {
  webhook: Webhook;
  body: string;
  event: string;
  userId: number;
  attempts: number;
  /** Set while an attempt is in progress, so that no second one runs beside it. */
  busy: boolean;
}

const TIMEOUT_MS = 5_000;
const BACKOFF_MS = [250, 1_000, 4_000];
const GIVE_UP_MS = 7 * 86_400_000;
const KEPT_ATTEMPTS = 2_000;

/**
 * Pushes notifications, the first attempts strictly in order. Only status 200 counts. A failed push is tried again
 * shortly after, then waits until the sandbox's clock is moved. When nothing has succeeded for seven days on that
 * clock, the webhook is deactivated and the waiting pushes are dropped.
 */
export class WebhookSender {
  readonly #clock: Clock;
  readonly #registry: WebhookRegistry;
  readonly #log: (line: string) => void;
  readonly #agent = new Agent({
    headersTimeout: TIMEOUT_MS,
    bodyTimeout: TIMEOUT_MS,
    connectTimeout: TIMEOUT_MS,
  });
  readonly #closing = new AbortController();
  #attempts: Attempt[] = [];
  #undelivered = new Set<Job>();
  #line: Promise<void> = Promise.resolve();

  constructor(clock: Clock, registry: WebhookRegistry, log: (line: string) => void) {
    this.#clock = clock;
    this.#registry = registry;
    this.#log = log;
    // Every waiting retry listens for the end.
    setMaxListeners(0, this.#closing.signal);
  }

  /** Starts a push. Returns false when the webhook does not want this event. */
  notify(notification: Notification): boolean {
    const webhook = this.#registry.get();
    if (!webhook?.active || !webhook.events.includes(notification.event)) return false;
    const { event, user_id: userId } = notification;
    const job: Job = { webhook, body: JSON.stringify(notification), event, userId, attempts: 0, busy: false };
    this.#undelivered.add(job);
    this.#line = this.#line.then(async () => {
      if (!(await this.#try(job))) void this.#retry(job);
    });
    return true;
  }

  /**
   * Sends the PING of a creation, a change of address or an activation. Returns its status, or null without an answer.
   */
  async ping(webhook: Webhook): Promise<number | null> {
    const body = JSON.stringify({ timestamp: this.#clock.stamp(), event: "PING" });
    return this.#post(webhook, "PING", body, { userId: null, number: 1 });
  }

  /** Tries undelivered pushes again, in their old order. */
  retryUndelivered(): void {
    for (const job of [...this.#undelivered].filter((candidate) => candidate.attempts > 0)) {
      this.#line = this.#line.then(async () => {
        await this.#try(job);
      });
    }
  }

  /** Drops the pushes to a webhook that is deleted or deactivated. */
  drop(): void {
    this.#undelivered.clear();
  }

  attempts(): readonly Attempt[] {
    return this.#attempts;
  }

  pending(): number {
    return this.#undelivered.size;
  }

  clear(): void {
    this.drop();
    this.#attempts = [];
  }

  async close(): Promise<void> {
    this.drop();
    this.#closing.abort();
    await this.#agent.destroy();
  }

  async #retry(job: Job): Promise<void> {
    for (const delay of BACKOFF_MS) {
      await sleep(delay, undefined, { signal: this.#closing.signal, ref: false }).catch(() => undefined);
      if (await this.#try(job)) return;
    }
  }

  /** Makes an attempt. Returns true when the job needs no further one. */
  async #try(job: Job): Promise<boolean> {
    if (!this.#undelivered.has(job)) return true;
    if (job.busy) return false;
    job.busy = true;
    job.attempts++;
    const about = { userId: job.userId, number: job.attempts };
    const status = await this.#post(job.webhook, job.event, job.body, about);
    job.busy = false;
    if (status !== 200) return this.#failed(job.webhook);
    job.webhook.failingSince = undefined;
    this.#undelivered.delete(job);
    return true;
  }

  #failed(webhook: Webhook): boolean {
    const now = this.#clock.now();
    webhook.failingSince = Math.min(webhook.failingSince ?? now, now);
    if (now - webhook.failingSince < GIVE_UP_MS) return false;
    webhook.active = false;
    this.drop();
    this.#log(`webhook ${webhook.id} deactivated after seven days of failures`);
    return true;
  }

  async #post(
    webhook: Webhook,
    event: string,
    body: string,
    about: { userId: number | null; number: number },
  ): Promise<number | null> {
    const attempt: Attempt = {
      event,
      user_id: about.userId,
      url: webhook.url,
      attempt: about.number,
      status: null,
      error: null,
      at: this.#clock.iso(),
      body,
    };
    try {
      attempt.status = await this.#send(webhook, event, body);
    } catch (error) {
      attempt.error = error instanceof Error ? error.message : String(error);
    }
    this.#attempts.push(attempt);
    if (this.#attempts.length > KEPT_ATTEMPTS) this.#attempts.shift();
    this.#log(`webhook ${event} → ${webhook.url}: ${attempt.status ?? attempt.error}`);
    return attempt.status;
  }

  async #send(webhook: Webhook, event: string, body: string): Promise<number> {
    const response = await request(webhook.url, {
      method: "POST",
      dispatcher: this.#agent,
      signal: this.#closing.signal,
      headers: {
        "Content-Type": "application/json",
        "User-Agent": "Polar-AccessLink-Sandbox",
        "Polar-Webhook-Event": event,
        "Polar-Webhook-Signature": createHmac("sha256", webhook.secret).update(body).digest("hex"),
      },
      body,
    });
    await response.body.dump();
    return response.statusCode;
  }
}
