/** What a delivery becomes by an attempt, by the breaker's answer, or by being put off. Pure. */
import { newId } from "../store/identifiers.ts";
import type { AttemptOutcome, DeliveryState } from "../store/tables.ts";
import type { AttemptResult } from "./attempt.ts";
import { retryDelayMs } from "./schedule.ts";
import type { ActiveDelivery } from "./senders.ts";
import type { Outcome } from "./settler.ts";

/**
 * The attempt was made. A delivery that its destination answered with "gone" stays pending and keeps its
 * next job: when that comes, the destination is switched off and the delivery waits for it, or its settings
 * were changed in the meantime and the delivery goes there.
 */
export function outcomeOf(
  delivery: ActiveDelivery,
  result: AttemptResult,
  now: number,
  random: number,
): Outcome {
  const number = delivery.attempts + 1;
  const again = result.failure === "later" || result.failure === "disable";
  const delayMs = again ? retryDelayMs(number, random, result.retryAfterMs) : null;
  const outcome = attemptOutcome(result, delayMs);
  return {
    settlement: {
      ...idOf(delivery),
      state: result.failure === null ? "delivered" : delayMs === null ? "dead" : "pending",
      attempts: 1,
      nextAttemptAt: delayMs === null ? null : new Date(now + delayMs),
      status: result.status,
      code: result.code,
    },
    attempt: attemptRow(delivery, result, outcome),
    disable:
      outcome === "disabled"
        ? {
            environmentId: delivery.environment_id,
            destinationId: delivery.destination_id,
            revision: delivery.destination.revision,
            code: result.code ?? "DELIVERY_GONE",
          }
        : null,
  };
}

function attemptOutcome({ failure }: AttemptResult, delayMs: number | null): AttemptOutcome {
  if (failure === null) return "delivered";
  if (failure === "disable") return "disabled";
  return delayMs === null ? "dead" : "retry";
}

/** The breaker answered: a step of the schedule is used up, and it is not tried before the pause is over. */
export function outcomeOfRefusal(
  delivery: ActiveDelivery,
  until: number,
  now: number,
  random: number,
): Outcome {
  const untilMs = Math.max(0, until - now);
  return outcomeOf(delivery, refusal(new Date(now), untilMs), now, random);
}

const refusal = (startedAt: Date, retryAfterMs: number): AttemptResult => ({
  startedAt,
  durationMs: 0,
  failure: "later",
  code: "DELIVERY_PAUSED",
  reason: null,
  status: null,
  response: null,
  retryAfterMs,
});

/** Nothing was tried; its next job comes then. */
export function outcomeOfPutOff(delivery: ActiveDelivery, until: number): Outcome {
  return settled(delivery, "pending", new Date(until));
}

/** The destination is gone. */
export function outcomeOfDeletion(delivery: Parameters<typeof idOf>[0]): Outcome {
  return settled(delivery, "cancelled", null);
}

const settled = (
  delivery: Parameters<typeof idOf>[0],
  state: DeliveryState,
  nextAttemptAt: Date | null,
): Outcome => ({
  settlement: { ...idOf(delivery), state, attempts: 0, nextAttemptAt, status: null, code: null },
  attempt: null,
  disable: null,
});

const idOf = (delivery: { readonly environment_id: string; readonly delivery_id: string }) => ({
  environmentId: delivery.environment_id,
  deliveryId: delivery.delivery_id,
});

function attemptRow(
  delivery: ActiveDelivery,
  result: AttemptResult,
  outcome: AttemptOutcome,
): NonNullable<Outcome["attempt"]> {
  return {
    environment_id: delivery.environment_id,
    attempt_id: newId(),
    delivery_id: delivery.delivery_id,
    event_id: delivery.event_id,
    destination_id: delivery.destination_id,
    number: delivery.attempts + 1,
    started_at: result.startedAt,
    duration_ms: result.durationMs,
    outcome,
    status: result.status,
    code: result.code,
    response: result.response,
  };
}
