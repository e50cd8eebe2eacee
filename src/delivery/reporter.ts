/**
 * Writes one wide log line and one metric observation per attempt. A target's answer may quote health data,
 * so it is not in the line.
 */
import type { Logger } from "../telemetry/log.ts";
import { recordSpan } from "../telemetry/spans.ts";
import type { AttemptResult } from "./attempt.ts";
import type { ActiveDelivery } from "./senders.ts";
import type { Outcome } from "./settler.ts";

/** The metrics of deliveries. */
export interface DeliveryMetrics {
  attempted(attempt: {
    readonly destinationId: string;
    readonly kind: string;
    readonly outcome: string;
    /** Empty when it was delivered. */
    readonly code: string;
    readonly seconds: number;
  }): void;
  /** Called when a destination's breaker opens or closes. */
  paused(destinationId: string, paused: boolean): void;
}

export class Reporter {
  readonly #log: Logger;
  readonly #metrics: DeliveryMetrics | undefined;

  constructor(log: Logger, metrics: DeliveryMetrics | undefined) {
    // The lines written here have only fields named here. Masking would cost more than the rest of a line.
    this.#log = log.child({}, { redact: [] });
    this.#metrics = metrics;
  }

  attempted(delivery: ActiveDelivery, result: AttemptResult, { settlement, attempt }: Outcome): void {
    const { kind } = delivery.destination;
    const { destination_id: destinationId } = delivery;
    const outcome = attempt?.outcome ?? settlement.state;
    const { durationMs, batchSize, cause, failure } = result;
    const code = settlement.code ?? "";
    this.#metrics?.attempted({ destinationId, kind, outcome, code, seconds: durationMs / 1_000 });
    const aside = failure === null ? result.code : null;
    const level = outcome === "delivered" && aside === null ? "info" : "warn";
    this.#log[level](
      {
        trace_id: delivery.trace_id,
        environment_id: delivery.environment_id,
        event_id: delivery.event_id,
        event_type: delivery.type,
        delivery_id: delivery.delivery_id,
        destination_id: destinationId,
        kind,
        attempt: delivery.attempts + 1,
        outcome,
        code: settlement.code,
        ...(aside !== null && { aside }),
        cause,
        status: settlement.status,
        duration_ms: durationMs,
        body_bytes: delivery.body_bytes,
        batch_size: batchSize,
        next_attempt_in_ms: settlement.nextAttemptInMs,
      },
      "delivery attempt",
    );
    recordSpan({
      name: `deliver ${delivery.type}`,
      traceId: delivery.trace_id,
      durationMs,
      attributes: {
        "systole.event_id": delivery.event_id,
        "systole.destination_id": destinationId,
        "systole.destination_kind": kind,
        "systole.attempt": delivery.attempts + 1,
        "systole.outcome": outcome,
        "http.response.status_code": settlement.status,
      },
      code: outcome === "delivered" ? null : code || outcome,
    });
  }

  paused(destinationId: string, paused: boolean): void {
    this.#metrics?.paused(destinationId, paused);
    const text = paused ? "destination paused: it keeps failing" : "destination resumed";
    this.#log.warn({ destination_id: destinationId }, text);
  }
}
