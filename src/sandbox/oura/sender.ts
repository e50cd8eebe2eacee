/** Sends notifications, signed with the client's secret, and asks whether an address is ours. */
import { createHmac, randomUUID } from "node:crypto";
import { setMaxListeners } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { Agent, request } from "undici";
import type { Clock } from "../kit/clock.ts";
import type { Subscription, Subscriptions } from "./subscriptions.ts";

export interface Notification {
  readonly event_type: string;
  readonly data_type: string;
  readonly object_id: string;
  readonly user_id: string;
}

export interface Attempt {
  readonly event: string;
  readonly object_id: string;
  readonly user_id: string;
  readonly attempt: number;
  readonly status: number | null;
  /** The time on the sandbox's clock. */
  readonly at: string;
}

interface Job {
  readonly subscription: Subscription;
  readonly notification: Notification;
  readonly body: string;
  attempts: number;
}

const timeoutMs = 10_000;
/** Oura repeats ten times over about an hour; here within seconds. */
const backoffMs = [250, 1_000, 4_000];
const keptAttempts = 2_000;
const gone = 410;

export class Sender {
  readonly #clock: Clock;
  readonly #secret: string;
  readonly #subscriptions: Subscriptions;
  readonly #agent = new Agent({
    headersTimeout: timeoutMs,
    bodyTimeout: timeoutMs,
    connectTimeout: timeoutMs,
  });
  readonly #closing = new AbortController();
  readonly #undelivered = new Set<Job>();
  #attempts: Attempt[] = [];
  #line: Promise<void> = Promise.resolve();

  constructor(clock: Clock, secret: string, subscriptions: Subscriptions) {
    this.#clock = clock;
    this.#secret = secret;
    this.#subscriptions = subscriptions;
    // Every waiting retry listens for the end.
    setMaxListeners(0, this.#closing.signal);
  }

  /** Starts to send a notification. Returns false when nobody has subscribed to it. */
  notify(notification: Notification): boolean {
    const subscription = this.#subscriptions.of(notification);
    if (subscription === undefined) return false;
    const body = JSON.stringify({ ...notification, event_time: new Date(this.#clock.now()).toISOString() });
    const job: Job = { subscription, notification, body, attempts: 0 };
    this.#undelivered.add(job);
    this.#line = this.#line.then(async () => {
      if (!(await this.#try(job))) void this.#retry(job);
    });
    return true;
  }

  /** "Oura sends a GET request to your callback URL." Returns whether the challenge came back. */
  async isConfirmed(url: string, verificationToken: string): Promise<boolean> {
    const challenge = randomUUID();
    const asked = new URL(url);
    asked.searchParams.set("verification_token", verificationToken);
    asked.searchParams.set("challenge", challenge);
    try {
      const { statusCode, body } = await request(asked, {
        dispatcher: this.#agent,
        signal: this.#closing.signal,
      });
      const text = await body.text();
      return statusCode === 200 && Object(JSON.parse(text)).challenge === challenge;
    } catch {
      return false;
    }
  }

  /** Tries undelivered notifications again, in their old order. */
  retryUndelivered(): void {
    for (const job of [...this.#undelivered].filter(({ attempts }) => attempts > 0)) {
      this.#line = this.#line.then(async () => void (await this.#try(job)));
    }
  }

  attempts(): readonly Attempt[] {
    return this.#attempts;
  }

  pending(): number {
    return this.#undelivered.size;
  }

  clear(): void {
    this.#undelivered.clear();
    this.#attempts = [];
  }

  async close(): Promise<void> {
    this.#undelivered.clear();
    this.#closing.abort();
    await this.#agent.destroy();
  }

  async #retry(job: Job): Promise<void> {
    for (const delay of backoffMs) {
      await sleep(delay, undefined, { signal: this.#closing.signal, ref: false }).catch(() => undefined);
      if (await this.#try(job)) return;
    }
  }

  /** Makes an attempt. Returns true when the job needs no further one. */
  async #try(job: Job): Promise<boolean> {
    if (!this.#undelivered.has(job)) return true;
    job.attempts += 1;
    const status = await this.#send(job);
    this.#note(job, status);
    const isDone = status !== null && status >= 200 && status < 300;
    if (status === gone) this.#subscriptions.remove(job.subscription.id);
    if (isDone || status === gone) this.#undelivered.delete(job);
    return isDone || status === gone;
  }

  #note({ notification, attempts }: Job, status: number | null): void {
    const { event_type, data_type, object_id, user_id } = notification;
    const event = `${event_type} ${data_type}`;
    const at = this.#clock.iso();
    this.#attempts.push({ event, object_id, user_id, attempt: attempts, status, at });
    if (this.#attempts.length > keptAttempts) this.#attempts.shift();
  }

  /** Signs the time as well. It is the real one, since the receiver compares it with its own clock. */
  async #send({ subscription, body }: Job): Promise<number | null> {
    const timestamp = String(Math.floor(Date.now() / 1_000));
    const signature = createHmac("sha256", this.#secret).update(timestamp).update(body).digest("hex");
    try {
      const answer = await request(subscription.callback_url, {
        method: "POST",
        dispatcher: this.#agent,
        signal: this.#closing.signal,
        headers: {
          "content-type": "application/json",
          "x-oura-timestamp": timestamp,
          "x-oura-signature": signature.toUpperCase(),
        },
        body,
      });
      await answer.body.dump();
      return answer.statusCode;
    } catch {
      return null;
    }
  }
}
