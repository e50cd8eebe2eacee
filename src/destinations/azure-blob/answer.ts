/**
 * What Azure's refusals mean. Nearly all of them somebody can mend, so that they are tried again.
 * https://learn.microsoft.com/rest/api/storageservices/blob-service-error-codes
 */
import { DeliveryError } from "../destination.ts";
import type { Answer } from "../kit/http.ts";
import { retryAfter } from "../kit/retry-after.ts";
import { faultOfTime, type Sas } from "./sas.ts";

/** As they are written in a SAS, and as they are called where one is made. */
export type Permission = "r (read)" | "w (write)" | "d (delete)";

const keptCharacters = 1_024;
const keptWords = 500;

const permissionCodes = new Set(["AuthorizationPermissionMismatch", "UnauthorizedBlobOverwrite"]);
const missingCodes = new Set(["ContainerNotFound", "ContainerBeingDeleted", "ContainerDisabled"]);

/** A HEAD has no body: its error is in a header, as everybody's. */
export function errorCode({ headers }: Answer): string {
  const [code = ""] = [headers["x-ms-error-code"]].flat();
  return code;
}

/** `permission` is what the request takes; the SAS is asked whether its time is over. */
export function refusal(answer: Answer, permission: Permission, sas: Sas): DeliveryError {
  const code = errorCode(answer);
  const words = [code, message(answer)].filter(Boolean).join(": ");
  if (permissionCodes.has(code)) {
    return failure("DESTINATION_PERMISSION_MISSING", "later", answer, `${permission}: ${words}`);
  }
  if (answer.status === 401 || answer.status === 403) {
    const reason = [faultOfTime(sas, new Date()), words].filter(Boolean).join("; ");
    return failure("DESTINATION_CREDENTIALS_REFUSED", "later", answer, reason);
  }
  if (missingCodes.has(code)) return failure("DESTINATION_TARGET_MISSING", "later", answer, words);
  if (answer.status === 413) return failure("DELIVERY_TOO_LARGE", "never", answer, words);
  return failure("DELIVERY_FAILED", "later", answer, words);
}

/** The first line; request id and time follow. */
function message({ text }: Answer): string {
  const [, words = ""] = /<Message>([^<\r\n]*)/.exec(text) ?? [];
  return words.slice(0, keptWords);
}

function failure(
  code: ConstructorParameters<typeof DeliveryError>[0],
  retry: DeliveryError["retry"],
  answer: Answer,
  reason: string,
): DeliveryError {
  const receipt = { status: answer.status, response: answer.text.slice(0, keptCharacters) };
  const options = { ...(reason && { reason }), ...retryAfter(answer.headers["retry-after"]) };
  return new DeliveryError(code, retry, receipt, options);
}
