/** Delivers as Systole does: a failure for now is tried again, a final one is not. */
import { setTimeout as pause } from "node:timers/promises";
import { type AttemptTime, attemptMs, batchTime, usualTime } from "../attempt-time.ts";
import { type BatchedDelivery, DeliveryError, type OutgoingEvent, type Sender } from "../destination.ts";

const pauseMs = 200;
const limitMs = 90_000;

/** A signal that aborts when a worker would abort. */
function attemptTime(time: AttemptTime, events: readonly OutgoingEvent[]): AbortSignal {
  const bytes = events.reduce((sum, { body }) => sum + body.length, 0);
  return AbortSignal.timeout(attemptMs(time, events.length, bytes));
}

export type Way = (sender: Sender, events: readonly OutgoingEvent[]) => Promise<readonly BatchedDelivery[]>;

/** All at once, each on its own, in the time that the kind has for an attempt. */
export const singly =
  (time: AttemptTime = usualTime): Way =>
  (sender, events) =>
    Promise.all(events.map((event) => sender.deliver(event, attemptTime(time, [event])).catch(asOutcome)));

/** One batch after the other. */
export const inBatches =
  (most: number): Way =>
  async (sender, events) => {
    const outcomes: BatchedDelivery[] = [];
    for (let from = 0; from < events.length; from += most) {
      const batch = events.slice(from, from + most);
      const answered =
        sender.deliverBatch?.(batch, attemptTime(batchTime, batch)) ??
        Promise.reject(new Error("no batches"));
      outcomes.push(...(await answered.catch((error: unknown) => batch.map(() => asOutcome(error)))));
    }
    return outcomes;
  };

/** Any other error is a mistake of the plugin, not an outcome. */
function asOutcome(error: unknown): DeliveryError {
  if (error instanceof DeliveryError) return error;
  throw error;
}

/** Delivers until every event is taken. @throws when one is refused for good, or it takes too long */
export async function untilTaken(sender: Sender, events: readonly OutgoingEvent[], way: Way): Promise<void> {
  const deadline = Date.now() + limitMs;
  let left = events;
  for (;;) {
    const outcomes = await way(sender, left);
    const failures = outcomes.filter((outcome) => outcome instanceof DeliveryError);
    const final = failures.find(({ retry }) => retry !== "later");
    if (final !== undefined) throw final;
    left = left.filter((_, index) => outcomes[index] instanceof DeliveryError);
    if (left.length === 0) return;
    if (Date.now() > deadline) throw new Error(`${left.length} are still not taken`, { cause: failures[0] });
    await pause(pauseMs);
  }
}
