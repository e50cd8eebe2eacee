/**
 * What Azure's refusals mean. Nearly all of them somebody can mend, so that they are tried again.
 * https://learn.microsoft.com/rest/api/storageservices/blob-service-error-codes
 */
import type { DeliveryError } from "../destination.ts";
import { failure } from "../kit/failure.ts";
import type { Answer } from "../kit/http.ts";
import { faultOfTime, type Sas } from "./sas.ts";

/** As they are written in a SAS, and as they are called where one is made. */
export type Permission = "r (read)" | "w (write)" | "d (delete)";

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
    return failure("DESTINATION_PERMISSION_MISSING", `${permission}: ${words}`, answer);
  }
  if (answer.status === 401 || answer.status === 403) {
    const reason = [faultOfTime(sas, new Date()), words].filter(Boolean).join("; ");
    return failure("DESTINATION_CREDENTIALS_REFUSED", reason, answer);
  }
  if (missingCodes.has(code)) return failure("DESTINATION_TARGET_MISSING", words, answer);
  if (answer.status === 413) return failure("DELIVERY_TOO_LARGE", words, answer);
  return failure("DELIVERY_FAILED", words, answer);
}

/** The first line; request id and time follow. */
function message({ text }: Answer): string {
  const [, words = ""] = /<Message>([^<\r\n]*)/.exec(text) ?? [];
  return words.slice(0, keptWords);
}
