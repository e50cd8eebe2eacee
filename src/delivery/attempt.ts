/** One attempt: the event as it leaves the house, the clock it runs against, and what came of it. */
import { DeliveryError, type OutgoingEvent, type Sender } from "../destinations/destination.ts";
import { errorMessage, SystoleError } from "../errors.ts";
import type { DueDelivery } from "../store/deliveries.ts";
import { decompress } from "../store/zstd.ts";

const keptResponse = 1_024;

export interface AttemptResult {
  readonly startedAt: Date;
  readonly durationMs: number;
  /** Null when it was taken; otherwise what the thrower says is to be done. */
  readonly failure: DeliveryError["retry"] | null;
  readonly code: string | null;
  /** What went wrong, in a few words, for the log. */
  readonly reason: string | null;
  readonly status: number | null;
  readonly response: string | null;
  readonly retryAfterMs: number | null;
}

/** Never throws. */
export async function attemptDelivery(
  delivery: DueDelivery,
  connect: () => Promise<Sender>,
  timeoutMs: number,
): Promise<AttemptResult> {
  const startedAt = new Date();
  const began = performance.now();
  const timed = () => ({ startedAt, durationMs: Math.round(performance.now() - began) });
  try {
    const sender = await connect();
    const event = await outgoing(delivery);
    const receipt = await withDeadline((signal) => sender.deliver(event, signal), timeoutMs);
    const { status = null, response } = receipt;
    return { ...timed(), ...taken, status, response: storable(response) };
  } catch (error) {
    return { ...timed(), ...failed(error) };
  }
}

const taken = { failure: null, code: null, reason: null, retryAfterMs: null } as const;

function failed(error: unknown): Omit<AttemptResult, "startedAt" | "durationMs"> {
  if (!(error instanceof DeliveryError)) {
    // Settings that cannot be read, or a plugin's mistake: both can be mended, so it is tried again.
    const code = error instanceof SystoleError ? error.code : "INTERNAL";
    return {
      failure: "later",
      code,
      reason: errorMessage(error),
      status: null,
      response: null,
      retryAfterMs: null,
    };
  }
  const { status = null, response } = error.receipt;
  const reason = typeof error.details.reason === "string" ? error.details.reason : null;
  const { retry: failure, code, retryAfterMs } = error;
  return { failure, code, reason, status, response: storable(response), retryAfterMs };
}

/** PostgreSQL's text knows neither NUL nor half a surrogate pair. */
function storable(response: string | undefined): string | null {
  return response?.slice(0, keptResponse).replaceAll("\0", "\ufffd").toWellFormed() ?? null;
}

async function outgoing(delivery: DueDelivery): Promise<OutgoingEvent> {
  return {
    id: delivery.event_id,
    type: delivery.type,
    userId: delivery.user_id,
    referenceId: delivery.reference_id,
    reference: delivery.reference,
    traceId: delivery.trace_id,
    orderingTimestamp: delivery.created_at.getTime(),
    records: delivery.records,
    body: await decompress(delivery.body, delivery.body_bytes),
    link: (signal) => link(delivery, signal),
  };
}

/** The one clock of an attempt: it tells the sender to stop, and does not wait for one that will not. */
async function withDeadline<T>(run: (signal: AbortSignal) => Promise<T>, timeoutMs: number): Promise<T> {
  const controller = new AbortController();
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => {
    controller.abort();
    late.reject(
      new DeliveryError("DELIVERY_TIMEOUT", "later", {}, { reason: `no answer within ${timeoutMs} ms` }),
    );
  }, timeoutMs);
  try {
    return await Promise.race([run(controller.signal), late.promise]);
  } finally {
    clearTimeout(timer);
  }
}
