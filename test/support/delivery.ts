/** Common parts of the delivery tests: a webhook destination, an event, a worker, a silent log. */
import { randomUUID } from "node:crypto";
import { Writable } from "node:stream";
import { emitEvents, type NewEvent } from "../../src/delivery/emit.ts";
import { type DeliveryOptions, type DeliveryWorker, startDelivery } from "../../src/delivery/worker.ts";
import webhook from "../../src/destinations/webhook/index.ts";
import { newWebhookSecret } from "../../src/destinations/webhook/signing.ts";
import { createAddressGuard } from "../../src/security/address-guard.ts";
import { createDestination, type DestinationId } from "../../src/store/destinations.ts";
import type { Store } from "../../src/store/store.ts";
import { createLogger, type Logger } from "../../src/telemetry/log.ts";

export interface TestWebhook extends DestinationId {
  readonly secret: string;
}

export async function createWebhook(
  store: Store,
  environmentId: string,
  url: string,
  eventTypes: readonly string[] | null = null,
): Promise<TestWebhook> {
  const secret = newWebhookSecret();
  const made = await createDestination(store.db, store.keyRing, environmentId, {
    kind: webhook.kind,
    settings: { url, secret },
    eventTypes,
    active: true,
  });
  return { environmentId, destinationId: made.destination_id, secret };
}

export function newEvent(environmentId: string, overrides: Partial<NewEvent> = {}): NewEvent {
  return {
    environmentId,
    type: "daily",
    userId: randomUUID(),
    referenceId: "person-1",
    provider: "POLAR",
    records: [{ type: "daily", naturalKey: "2025-10-01", revision: 1 }],
    reference: randomUUID(),
    traceId: randomUUID(),
    body: JSON.stringify({ type: "daily", data: [{ at: randomUUID() }] }),
    ...overrides,
  };
}

/** Emits events in their own transaction; returns the ids. */
export async function emit(store: Store, events: readonly NewEvent[]): Promise<string[]> {
  const emitted = await store.db.transaction().execute((tx) => emitEvents(tx, store.queue, events));
  return emitted.map(({ eventId }) => eventId);
}

export interface LogLine {
  readonly msg: string;
  readonly [field: string]: unknown;
}

/** Returns a log that keeps its lines. */
export function collectingLog(): { readonly log: Logger; readonly lines: LogLine[] } {
  const lines: LogLine[] = [];
  const sink = new Writable({
    write(chunk, _encoding, done) {
      lines.push(JSON.parse(String(chunk)));
      done();
    },
  });
  return { log: createLogger("info", sink), lines };
}

/** Starts a worker that may reach the tests' receivers. */
export function startTestDelivery(
  store: Store,
  options: Partial<Pick<DeliveryOptions, "log" | "timeoutMs" | "leaseMs" | "metrics">> = {},
): Promise<DeliveryWorker> {
  const guard = createAddressGuard({ allowPrivate: true });
  return startDelivery({
    store,
    guard,
    publicUrl: "http://127.0.0.1:8080",
    log: collectingLog().log,
    ...options,
  });
}
