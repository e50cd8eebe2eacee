/** The meaning of Google's refusals. Nearly all of them can be repaired, so that they are tried again. */
import type { DeliveryError } from "../destination.ts";
import { failure } from "../kit/failure.ts";
import { type Answer, jsonObject } from "../kit/http.ts";

/** https://cloud.google.com/storage/docs/json_api/v1/status-codes */
interface ErrorBody {
  readonly error?: {
    readonly message?: string;
    readonly errors?: readonly { readonly reason?: string }[];
  };
}

const keptWords = 500;

/** Reasons of a 403 that are about permissions; others are rate limits, retention or a bill. */
const permissionReasons = new Set<string | undefined>(["forbidden", "insufficientPermissions"]);

/** `permission` is the one that the request needs, for an answer that names none. */
export function refusal(answer: Answer, permission: string): DeliveryError {
  const { message = "", errors = [] } = errorIn(answer);
  const words = message.slice(0, keptWords);
  switch (answer.status) {
    case 401:
      return failure("DESTINATION_CREDENTIALS_REFUSED", words, answer);
    case 403: {
      const reason = errors[0]?.reason;
      if (!permissionReasons.has(reason)) return failure("DELIVERY_FAILED", words || reason, answer);
      const named = namedPermission(message) ?? permission;
      return failure("DESTINATION_PERMISSION_MISSING", `${named}: ${words}`, answer);
    }
    case 404:
      return failure("DESTINATION_TARGET_MISSING", words, answer);
    case 413:
      return failure("DELIVERY_TOO_LARGE", words, answer);
    default:
      return failure("DELIVERY_FAILED", words, answer);
  }
}

/** Whether nothing has the key. An account that may not list the bucket is told that it may not list. */
export function isAbsence(answer: Answer): boolean {
  if (answer.status !== 403) return answer.status === 404;
  return namedPermission(errorIn(answer).message ?? "") === "storage.objects.list";
}

const namedPermission = (message: string): string | undefined =>
  /\bstorage\.[a-z]+\.[a-zA-Z]+/.exec(message)?.[0];

const errorIn = ({ text }: Answer): NonNullable<ErrorBody["error"]> =>
  (jsonObject(text) as ErrorBody).error ?? {};
