/** What Google's refusals mean. Nearly all of them somebody can mend, so that they are tried again. */
import { DeliveryError } from "../destination.ts";
import type { Answer } from "../kit/http.ts";
import { retryAfter } from "../kit/retry-after.ts";

/** https://cloud.google.com/storage/docs/json_api/v1/status-codes */
interface ErrorBody {
  readonly error?: {
    readonly message?: string;
    readonly errors?: readonly { readonly reason?: string }[];
  };
}

const keptCharacters = 1_024;
const keptWords = 500;

/** Reasons of a 403 that are about permissions; others are rate limits, retention or a bill. */
const permissionReasons = new Set<string | undefined>(["forbidden", "insufficientPermissions"]);

/** `permission` is what the request takes, for where the answer names none. */
export function refusal(answer: Answer, permission: string): DeliveryError {
  const { message = "", errors = [] } = parse(answer.text).error ?? {};
  const words = message.slice(0, keptWords);
  switch (answer.status) {
    case 401:
      return failure("DESTINATION_CREDENTIALS_REFUSED", "later", answer, words);
    case 403: {
      const reason = errors[0]?.reason;
      if (!permissionReasons.has(reason)) return failed(answer, words || reason);
      const named = namedPermission(message) ?? permission;
      return failure("DESTINATION_PERMISSION_MISSING", "later", answer, `${named}: ${words}`);
    }
    case 404:
      return failure("DESTINATION_TARGET_MISSING", "later", answer, words);
    case 413:
      return failure("DELIVERY_TOO_LARGE", "never", answer, words);
    default:
      return failed(answer, words);
  }
}

/** Nothing has the key. An account that may not list the bucket is not told so, but that it may not. */
export function isAbsence({ status, text }: Answer): boolean {
  if (status !== 403) return status === 404;
  return namedPermission(parse(text).error?.message ?? "") === "storage.objects.list";
}

const namedPermission = (message: string): string | undefined =>
  /\bstorage\.[a-z]+\.[a-zA-Z]+/.exec(message)?.[0];

const failed = (answer: Answer, reason: string | undefined): DeliveryError =>
  failure("DELIVERY_FAILED", "later", answer, reason);

function failure(
  code: ConstructorParameters<typeof DeliveryError>[0],
  retry: DeliveryError["retry"],
  answer: Answer,
  reason: string | undefined,
): DeliveryError {
  const receipt = { status: answer.status, response: answer.text.slice(0, keptCharacters) };
  const options = { ...(reason && { reason }), ...retryAfter(answer.headers["retry-after"]) };
  return new DeliveryError(code, retry, receipt, options);
}

function parse(text: string): ErrorBody {
  try {
    const body: unknown = JSON.parse(text);
    return typeof body === "object" && body !== null ? body : {};
  } catch {
    return {};
  }
}
