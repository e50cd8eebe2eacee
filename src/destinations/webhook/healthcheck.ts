/** Terra's event for testing a receiver: receivers answer it and otherwise ignore it. */
import { randomUUID } from "node:crypto";
import { DeliveryError, type OutgoingEvent } from "../destination.ts";

export function healthcheck(now: Date): OutgoingEvent {
  const body = {
    type: "healthcheck",
    status: "success",
    creation_timestamp: now.toISOString(),
    trend_percentage: 0,
    sent_webhooks_last_hour: 0,
  };
  const id = randomUUID();
  return {
    id,
    type: body.type,
    userId: null,
    referenceId: null,
    reference: id,
    traceId: id,
    orderingTimestamp: now.getTime(),
    records: [],
    body: Buffer.from(JSON.stringify(body)),
    noteSent: () => {},
    link: () => Promise.reject(new DeliveryError("DELIVERY_FAILED", "never")),
  };
}
