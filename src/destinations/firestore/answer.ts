/** The meaning of Firestore's refusals: https://cloud.google.com/firestore/docs/use-rest-api#error_codes */
import type { DeliveryCode, DeliveryError } from "../destination.ts";
import { failure } from "../kit/failure.ts";
import type { Answer } from "../kit/http.ts";

/** google.rpc.Status, as in an answer's `error` and for each write of a batch. */
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

/** The status in an answer that is not 200; empty where the answer is not Google's. */
export function statusOf({ text }: Answer): Status {
  try {
    const body: unknown = JSON.parse(text);
    // A streamed answer is a list whose first element is the error.
    const [first] = Array.isArray(body) ? body : [body];
    return (first as { error?: Status } | null)?.error ?? {};
  } catch {
    return {};
  }
}

/** `permission` is the one that the request needs: Firestore does not name it. */
export function refusal(answer: Answer, permission: string): DeliveryError {
  const { status, message = "", details = [] } = statusOf(answer);
  const words = `${status}: ${message}`;
  const fail = (code: DeliveryCode, reason: string): DeliveryError => failure(code, reason, answer);
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

/** The failure of one write, which may pass or be repaired. */
export function writeFailure({ code, message = "" }: Status, permission: string): DeliveryError {
  const words = `${code}: ${message}`;
  const fail = (why: DeliveryCode, reason: string): DeliveryError => failure(why, reason, { text: words });
  if (code === rpcCode.permissionDenied)
    return fail("DESTINATION_PERMISSION_MISSING", `${permission}: ${words}`);
  if (code === rpcCode.unauthenticated) return fail("DESTINATION_CREDENTIALS_REFUSED", words);
  return fail("DELIVERY_FAILED", words);
}

/** The failure of one write whose document was refused. */
export function rejection({ code, message = "" }: Status): DeliveryError {
  const words = `${code}: ${message}`;
  return failure("DELIVERY_REJECTED", words, { text: words });
}
