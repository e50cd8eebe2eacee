/** DeliveryErrors made of a target's answer, or of an error that a client or the network threw. */
import type { IncomingHttpHeaders } from "node:http";
import { errorMessage } from "../../errors.ts";
import { type DeliveryCode, DeliveryError, type DeliveryReceipt } from "../destination.ts";
import { retryAfter } from "./retry-after.ts";

const keptAnswerCharacters = 1_024;
const keptReasonCharacters = 500;

/** Every other failure may pass by itself or be repaired, and is tried again. */
const finalCodes: Partial<Record<DeliveryCode, DeliveryError["retry"]>> = {
  DELIVERY_TOO_LARGE: "never",
  DELIVERY_REJECTED: "never",
  DELIVERY_GONE: "disable",
};

/** The facts behind a failure, as far as they are known. */
export interface FailureFacts {
  /** HTTP status of the answer. */
  readonly status?: number;
  /** The answer's text. Its first kilobyte is kept. */
  readonly text?: string;
  /** Headers of the answer; `Retry-After` is obeyed. */
  readonly headers?: Pick<IncomingHttpHeaders, "retry-after">;
  readonly cause?: unknown;
}

/** Returns a failure whose code decides whether the event is tried again. */
export function failure(code: DeliveryCode, reason = "", facts: FailureFacts = {}): DeliveryError {
  const { headers, cause } = facts;
  return new DeliveryError(code, finalCodes[code] ?? "later", receiptOf(facts), {
    ...(reason !== "" && { reason: reason.slice(0, keptReasonCharacters) }),
    ...(cause !== undefined && { cause }),
    ...retryAfter(headers?.["retry-after"]),
  });
}

/** The part of an answer that is kept with the attempt. */
export const receiptOf = ({ status, text }: FailureFacts): DeliveryReceipt => ({
  ...(status !== undefined && { status }),
  ...(text !== undefined && { response: text.slice(0, keptAnswerCharacters) }),
});

/** A failure because time was up. An error that says so already is returned as it is. */
export function timedOut(thrown: unknown): DeliveryError {
  const known = thrown instanceof DeliveryError && thrown.code === "DELIVERY_TIMEOUT";
  return known ? thrown : failure("DELIVERY_TIMEOUT", messageOf(thrown), { cause: thrown });
}

const timeoutCodes = new Set(["UND_ERR_CONNECT_TIMEOUT", "UND_ERR_HEADERS_TIMEOUT", "UND_ERR_BODY_TIMEOUT"]);

/**
 * Returns the DeliveryError that an error is or wraps: clients wrap what a look-up or a socket threw. Any other
 * error means that no answer came, because time was up or the connection failed.
 */
export function asDeliveryError(thrown: unknown, signal?: AbortSignal): DeliveryError {
  const chain = [...causesOf(thrown)];
  const known = chain.find((cause) => cause instanceof DeliveryError);
  if (known !== undefined) return known;
  const late = chain.some((cause) => timeoutCodes.has((cause as { code?: string }).code ?? ""));
  if (late || signal?.aborted) return timedOut(thrown);
  return failure("DELIVERY_FAILED", messageOf(thrown), { cause: thrown });
}

/** The error and all that caused it, outermost first. */
export function* causesOf(thrown: unknown, seen = new Set<unknown>()): Generator<Error> {
  if (!(thrown instanceof Error) || seen.has(thrown)) return;
  seen.add(thrown);
  yield thrown;
  yield* causesOf(thrown.cause, seen);
  if (thrown instanceof AggregateError) for (const error of thrown.errors) yield* causesOf(error, seen);
}

/** The error's message. A host with several addresses fails once for each, and Node gives that no message. */
export function messageOf(thrown: unknown): string {
  if (thrown instanceof AggregateError && thrown.message === "") {
    return thrown.errors.map(messageOf).join("; ");
  }
  return errorMessage(thrown);
}
