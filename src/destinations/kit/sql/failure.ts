/** DeliveryErrors made of errors that SQL servers and their drivers throw. */
import { type DeliveryCode, DeliveryError } from "../../destination.ts";
import { failure, messageOf } from "../failure.ts";
import type { WriteFailure } from "./database.ts";

/**
 * Keeps the error's message and not the error itself: beside the message a server quotes the row that failed,
 * which is a person's data and must not get into logs.
 */
export function deliveryError(
  code: DeliveryCode,
  thrown: unknown,
  reason = messageOf(thrown),
): DeliveryError {
  return thrown instanceof DeliveryError ? thrown : failure(code, reason, { text: messageOf(thrown) });
}

/** The server, not the rows, is the cause. */
export const forAll = (code: DeliveryCode, thrown: unknown, reason?: string): WriteFailure => ({
  kind: "all",
  error: deliveryError(code, thrown, reason),
});
