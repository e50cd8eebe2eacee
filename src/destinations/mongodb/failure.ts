/** The meaning of the server's and the driver's errors: https://www.mongodb.com/docs/manual/reference/error-codes/ */
import { MongoError, MongoServerError, MongoServerSelectionError } from "mongodb";
import type { DeliveryCode, DeliveryError } from "../destination.ts";
import { asDeliveryError, failure } from "../kit/failure.ts";

/** An error in answers, in `writeErrors` and in errors of the driver. */
export interface ServerError {
  readonly code?: number;
  readonly errmsg?: string;
}

/** Unauthorized. */
const notAllowed = 13;
/** UserNotFound, AuthenticationFailed; Atlas has its own AtlasError. */
const wrongCredentials = new Set([11, 18]);
const atlasError = 8_000;
/** MaxTimeMSExpired, ExceededTimeLimit, NetworkInterfaceExceededTimeLimit. */
const outOfTime = new Set([50, 262, 202]);
/** BSONObjectTooLarge, and the codes of older servers. */
const tooLarge = new Set([10_334, 17_419, 17_420]);
/** InvalidNamespace, and a database whose name differs from another's only in case. */
const noSuchPlace = new Set([73, 13_297]);
/**
 * Errors of one document: a value or a name that the server does not take (BadValue, FailedToParse,
 * TypeMismatch, Overflow, InvalidLength, InvalidBSON, PathNotViable, InvalidIdField, DollarPrefixedFieldName,
 * InvalidDBRef, EmptyFieldName, DottedFieldName, CannotIndexParallelArrays, NotSupported by some versions), or a
 * validator of the collection (DocumentValidationFailure).
 */
const documentsFault = new Set([2, 9, 14, 15, 16, 22, 28, 52, 53, 54, 55, 56, 57, 121, 171]);

/** Whether the document is the cause, so that another form of it may pass. */
export const isDocumentsFault = ({ code }: ServerError): boolean =>
  code === undefined || documentsFault.has(code) || tooLarge.has(code);

/** The failure of a document that was refused. */
export function rejection({ code, errmsg }: ServerError): DeliveryError {
  const why = code !== undefined && tooLarge.has(code) ? "DELIVERY_TOO_LARGE" : "DELIVERY_REJECTED";
  return refused(why, `${code}: ${errmsg}`);
}

/** A refusal that may pass or be repaired. `action` is the one that the command needs, for an answer that names none. */
export function refusal({ code = 0, errmsg = "" }: ServerError, action: string): DeliveryError {
  const said = `${code}: ${errmsg}`;
  if (code === notAllowed) return refused("DESTINATION_PERMISSION_MISSING", `${action}: ${errmsg}`);
  if (wrongCredentials.has(code)) return refused("DESTINATION_CREDENTIALS_REFUSED", said);
  if (code === atlasError) return atlasRefusal(errmsg, action);
  if (outOfTime.has(code)) return refused("DELIVERY_TIMEOUT", said);
  if (noSuchPlace.has(code)) return refused("DESTINATION_TARGET_MISSING", said);
  return refused("DELIVERY_FAILED", said);
}

/** Atlas has one code for credentials, permissions, quotas and all else that its proxy refuses. */
function atlasRefusal(said: string, action: string): DeliveryError {
  const named = /not allowed to do action \[([A-Za-z]+)\]/.exec(said)?.[1];
  if (named !== undefined) return refused("DESTINATION_PERMISSION_MISSING", `${named}: ${said}`);
  if (/\bnot authorized\b/i.test(said))
    return refused("DESTINATION_PERMISSION_MISSING", `${action}: ${said}`);
  if (/\bauth/i.test(said)) return refused("DESTINATION_CREDENTIALS_REFUSED", said);
  return refused("DELIVERY_FAILED", said);
}

/** The failure for an error that the driver throws. */
export function thrownFailure(thrown: unknown, action: string): DeliveryError {
  const cause = rootOf(thrown);
  if (cause instanceof MongoServerError) return refusal(serverError(cause), action);
  return asDeliveryError(cause);
}

export const serverError = ({ code, errmsg, message }: MongoServerError): ServerError => ({
  ...(typeof code === "number" && { code }),
  errmsg: errmsg ?? message,
});

/** Returns the error behind an error: of a server that could not be reached, a look-up or a socket. */
function rootOf(thrown: unknown): unknown {
  if (thrown instanceof MongoServerSelectionError && thrown.reason !== undefined) {
    const errors = [...thrown.reason.servers.values()].map(({ error }) => error);
    const error = errors.find((each) => each !== null);
    if (error !== undefined) return rootOf(error);
  }
  const wrapped = thrown instanceof MongoError && !(thrown instanceof MongoServerError);
  if (wrapped && thrown.cause !== undefined) return rootOf(thrown.cause);
  return thrown;
}

const refused = (code: DeliveryCode, text: string): DeliveryError => failure(code, text, { text });
