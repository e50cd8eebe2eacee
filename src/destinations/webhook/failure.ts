/** What it means that no answer came. */
import { errorMessage } from "../../errors.ts";
import { DeliveryError } from "../destination.ts";

const timeoutCodes = new Set([
  "UND_ERR_CONNECT_TIMEOUT",
  "UND_ERR_HEADERS_TIMEOUT",
  "UND_ERR_BODY_TIMEOUT",
]); /** Refused here, cut off by the clock, or lost on the way: TLS that does not come about is lost too. */
export function networkError(cause: unknown, signal: AbortSignal): DeliveryError {
  if (cause instanceof DeliveryError) return cause;
  const late = signal.aborted || timeoutCodes.has((cause as { code?: string } | null)?.code ?? "");
  const code = late ? "DELIVERY_TIMEOUT" : "DELIVERY_FAILED";
  return new DeliveryError(code, "later", {}, { cause, reason: reasonOf(cause) });
}

/** A name with several addresses fails once for each of them. */
function reasonOf(cause: unknown): string {
  return cause instanceof AggregateError ? cause.errors.map(errorMessage).join("; ") : errorMessage(cause);
}
