/** Computes what becomes of a delivery after an attempt, when it is parked, or when it is put off. Pure. */

import type { DeliveryId, Settlement } from "../store/deliveries.ts";
import { newId } from "../store/identifiers.ts";
import type { AttemptOutcome } from "../store/tables.ts";
import type { AttemptResult } from "./attempt.ts";
import { retryDelayMs } from "./schedule.ts";
import type { ActiveDelivery } from "./senders.ts";
import type { Outcome } from "./settler.ts";

/**
 * Returns the outcome of an attempt. A delivery that its destination answered with "gone" stays pending and
 * is due again later. Then either the destination is switched off and the delivery waits for
 * it, or its settings were changed in the meantime and the delivery is sent there.
 */
export function outcomeOf(delivery: ActiveDelivery, result: AttemptResult, random: number): Outcome {
  const number = delivery.attempts + 1;
  const again = result.failure === "later" || result.failure === "disable";
  const delayMs = again ? retryDelayMs(number, random, result.retryAfterMs) : null;
  const outcome = attemptOutcome(result, delayMs);
  return {
    settlement: {
      ...idOf(delivery),
      state: result.failure === null ? "delivered" : delayMs === null ? "dead" : "pending",
      attempts: 1,
      nextAttemptInMs: delayMs,
      parked: false,
      status: result.status,
      code: result.failure === null ? null : result.code,
    },
    attempt: attemptRow(delivery, result, outcome),
    disable:
      outcome === "disabled"
        ? {
            ...destinationOf(delivery),
            revision: delivery.destination.revision,
            code: result.code ?? "DELIVERY_GONE",
          }
        : null,
    parking: null,
    health: { ...destinationOf(delivery), healthy: result.failure === null || result.failure === "never" },
  };
}

function attemptOutcome({ failure }: AttemptResult, delayMs: number | null): AttemptOutcome {
  if (failure === null) return "delivered";
  if (failure === "disable") return "disabled";
  return delayMs === null ? "dead" : "retry";
}

/** Puts a delivery off without an attempt; it is due again after `ms`. */
export function outcomeOfPutOff(delivery: ActiveDelivery, ms: number): Outcome {
  return settled(delivery, { state: "pending", nextAttemptInMs: ms });
}

/** Parks a delivery without an attempt. `crowded`: because too many deliveries of its destination are due. */
export function outcomeOfParking(delivery: Destined, crowded: boolean): Outcome {
  return {
    ...settled(delivery, { state: "pending", parked: true }),
    parking: { ...destinationOf(delivery), crowded },
  };
}

/** Cancels a delivery: its destination was deleted. */
export function outcomeOfDeletion(delivery: Identified): Outcome {
  return settled(delivery, { state: "cancelled" });
}

/** Gives up a delivery: its event is past its retention. */
export function outcomeOfExpiry({ environmentId, deliveryId }: DeliveryId): Outcome {
  const outcome = settled({ environment_id: environmentId, delivery_id: deliveryId }, { state: "dead" });
  return { ...outcome, settlement: { ...outcome.settlement, code: "EVENT_EXPIRED" } };
}

function settled(delivery: Identified, change: Pick<Settlement, "state"> & Partial<Settlement>): Outcome {
  return {
    settlement: { ...idOf(delivery), ...untouched, ...change },
    attempt: null,
    disable: null,
    parking: null,
    health: null,
  };
}

const untouched = { attempts: 0, nextAttemptInMs: null, parked: false, status: null, code: null } as const;

type Identified = Pick<ActiveDelivery, "environment_id" | "delivery_id">;
type Destined = Identified & Pick<ActiveDelivery, "destination_id">;

const idOf = (delivery: Identified) => ({
  environmentId: delivery.environment_id,
  deliveryId: delivery.delivery_id,
});

const destinationOf = (delivery: Pick<ActiveDelivery, "environment_id" | "destination_id">) => ({
  environmentId: delivery.environment_id,
  destinationId: delivery.destination_id,
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
    request: result.request === null ? null : JSON.stringify(result.request),
    left_out: result.leftOut.length === 0 ? null : JSON.stringify(result.leftOut),
  };
}
