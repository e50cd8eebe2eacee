/** Delivery errors out of what servers and drivers throw. */
import { errorMessage } from "../../../errors.ts";
import { DeliveryError } from "../../destination.ts";
import type { Verdict } from "./database.ts";

type Code = ConstructorParameters<typeof DeliveryError>[0];

const keptCharacters = 500;

/**
 * The message is kept and not the error itself: beside the message a server quotes the row that failed, which
 * is a person's data and must not get into logs.
 */
export function deliveryError(code: Code, thrown: unknown, reason: string = words(thrown)): DeliveryError {
  if (thrown instanceof DeliveryError) return thrown;
  const retry = code === "DELIVERY_REJECTED" ? "never" : "later";
  const response = words(thrown).slice(0, keptCharacters);
  return new DeliveryError(code, retry, { response }, { reason: reason.slice(0, keptCharacters) });
}

/** An error of several addresses tried in vain has no message of its own. */
function words(thrown: unknown): string {
  if (thrown instanceof AggregateError && thrown.message === "") return thrown.errors.map(words).join("; ");
  return errorMessage(thrown);
}

export const timedOut = (thrown: unknown): DeliveryError => deliveryError("DELIVERY_TIMEOUT", thrown);

/** The server, not the rows, is to blame. */
export const forAll = (code: Code, thrown: unknown, reason?: string): Verdict => ({
  befell: "all",
  error: deliveryError(code, thrown, reason),
});
