/** What Firestore's refusals mean: https://cloud.google.com/firestore/docs/use-rest-api#error_codes */
import { DeliveryError } from "../destination.ts";
import type { Answer } from "../kit/http.ts";
import { retryAfter } from "../kit/retry-after.ts";

/** google.rpc.Status, as it stands in an answer's `error` and for each write of a batch. */
export interface Status {
  /** google.rpc.Code; in an answer's `error` it is the HTTP status. */
  readonly code?: number;
  readonly status?: string;
  readonly message?: string;
  readonly details?: readonly { readonly reason?: string }[];
}

/** google.rpc.Code */
export const rpcCode = {
  ok: 0,
  invalidArgument: 3,
  notFound: 5,
  alreadyExists: 6,
  permissionDenied: 7,
  failedPrecondition: 9,
  aborted: 10,
  unauthenticated: 16,
} as const;

const keptCharacters = 1_024;
const keptWords = 500;

/** Of an answer that is not 200; an empty one where it is not Google's. */
export function statusOf({ text }: Answer): Status {
  try {
    const body: unknown = JSON.parse(text);
    // A stream of answers is a list, and the error is its first.
    const [first] = Array.isArray(body) ? body : [body];
    return (first as { error?: Status } | null)?.error ?? {};
  } catch {
    return {};
  }
}

/** `permission` is what the request takes: Firestore does not name it. */
export function refusal(answer: Answer, permission: string): DeliveryError {
  const { status, message = "", details = [] } = statusOf(answer);
  const receipt = { status: answer.status, response: answer.text.slice(0, keptCharacters) };
  const words = `${status}: ${message}`.slice(0, keptWords);
  const fail = (code: ConstructorParameters<typeof DeliveryError>[0], reason: string): DeliveryError =>
    new DeliveryError(code, "later", receipt, { reason, ...retryAfter(answer.headers["retry-after"]) });
  if (answer.status === 401) return fail("DESTINATION_CREDENTIALS_REFUSED", words);
  if (status === "PERMISSION_DENIED") {
    // The project has no Firestore, or its bill is not paid.
    const isAbout = details.find(({ reason }) => reason !== undefined)?.reason;
    if (isAbout === "SERVICE_DISABLED") return fail("DESTINATION_TARGET_MISSING", words);
    if (isAbout === "BILLING_DISABLED") return fail("DELIVERY_FAILED", words);
    return fail("DESTINATION_PERMISSION_MISSING", `${permission}: ${words}`);
  }
  if (answer.status === 404) return fail("DESTINATION_TARGET_MISSING", words);
  return fail("DELIVERY_FAILED", words);
}

/** Of one write: somebody or time will mend it. */
export function writeFailure({ code, message = "" }: Status, permission: string): DeliveryError {
  const words = `${code}: ${message}`.slice(0, keptWords);
  const fail = (why: ConstructorParameters<typeof DeliveryError>[0], reason: string): DeliveryError =>
    new DeliveryError(why, "later", { response: words }, { reason });
  if (code === rpcCode.permissionDenied)
    return fail("DESTINATION_PERMISSION_MISSING", `${permission}: ${words}`);
  if (code === rpcCode.unauthenticated) return fail("DESTINATION_CREDENTIALS_REFUSED", words);
  return fail("DELIVERY_FAILED", words);
}

/** Of one write: the document was refused in each of its forms. */
export function rejection({ code, message = "" }: Status): DeliveryError {
  const reason = `${code}: ${message}`.slice(0, keptWords);
  return new DeliveryError("DELIVERY_REJECTED", "never", { response: reason }, { reason });
}
