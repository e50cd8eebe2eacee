/**
 * The meaning of Azure's refusals. Nearly all of them can be repaired, so that they are tried again.
 * https://learn.microsoft.com/rest/api/storageservices/blob-service-error-codes
 */
import type { DeliveryError } from "../destination.ts";
import { failure } from "../kit/failure.ts";
import type { Answer } from "../kit/http.ts";
import { faultOfTime, type Sas } from "./sas.ts";

/** Permissions by their letter in a SAS, and by their name in Azure's tools. */
export type Permission = "r (read)" | "w (write)" | "d (delete)";

const keptWords = 500;

const permissionCodes = new Set(["AuthorizationPermissionMismatch", "UnauthorizedBlobOverwrite"]);
const missingCodes = new Set(["ContainerNotFound", "ContainerBeingDeleted", "ContainerDisabled"]);

/** The error code is in a header of every answer; the answer to a HEAD has no body. */
export function errorCode({ headers }: Answer): string {
  const [code = ""] = [headers["x-ms-error-code"]].flat();
  return code;
}

/** `permission` is the one that the request needs; the SAS tells whether it has expired. */
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

/** The first line of the message; request id and time follow it. */
function message({ text }: Answer): string {
  const [, words = ""] = /<Message>([^<\r\n]*)/.exec(text) ?? [];
  return words.slice(0, keptWords);
}
