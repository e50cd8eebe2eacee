/**
 * The meaning of refusals, of a request or of one entry of a batch. Codes:
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/CommonErrors.html and those of
 * SendMessageBatch. Servers that only speak the same protocol prefix them in their own ways.
 */
import { type BatchResultErrorEntry, SQSServiceException } from "@aws-sdk/client-sqs";
import type { DeliveryCode, DeliveryError } from "../destination.ts";
import { asDeliveryError, failure } from "../kit/failure.ts";

type Permission = "sqs:SendMessage" | "sqs:GetQueueAttributes";

const failed = "DELIVERY_FAILED";
const wrongCredentials = "DESTINATION_CREDENTIALS_REFUSED";
const forbidden = "DESTINATION_PERMISSION_MISSING";
const missing = "DESTINATION_TARGET_MISSING";
const rejected = "DELIVERY_REJECTED";

const meanings: ReadonlyMap<string, DeliveryCode> = new Map([
  ["InvalidClientTokenId", wrongCredentials],
  ["UnrecognizedClientException", wrongCredentials],
  ["InvalidAccessKeyId", wrongCredentials],
  ["SignatureDoesNotMatch", wrongCredentials],
  ["InvalidSignatureException", wrongCredentials],
  ["IncompleteSignature", wrongCredentials],
  ["MissingAuthenticationToken", wrongCredentials],
  ["InvalidSecurity", wrongCredentials],
  ["ExpiredToken", wrongCredentials],
  ["AuthFailure", wrongCredentials],
  ["OptInRequired", wrongCredentials],
  ["AccessDenied", forbidden],
  ["AccessDeniedException", forbidden],
  ["KmsAccessDenied", forbidden],
  ["QueueDoesNotExist", missing],
  ["NonExistentQueue", missing],
  ["QueueDeletedRecently", missing],
  ["InvalidAddress", missing],
  ["InvalidMessageContents", rejected],
  ["InvalidParameterValue", rejected],
  ["InvalidParameterCombination", rejected],
  ["InvalidAttributeValue", rejected],
  ["MissingParameter", rejected],
  ["ValidationError", rejected],
  ["UnsupportedOperation", rejected],
  ["BatchRequestTooLong", rejected],
]);

/** A server's refusal of a request or of one of its entries. */
export interface Refusal {
  readonly code: string;
  readonly message: string;
  readonly status?: number;
}

/** Returns null where no server answered: a failure of the network, an abort. */
export function refusalOf(thrown: unknown): Refusal | null {
  if (!(thrown instanceof SQSServiceException)) return null;
  const { name, message, $metadata } = thrown;
  return { code: bare(name), message, status: $metadata.httpStatusCode ?? 0 };
}

export const refusalOfEntry = ({ Code, Message }: BatchResultErrorEntry): Refusal => ({
  code: bare(Code ?? ""),
  message: Message ?? "",
});

/** `AWS.SimpleQueueService.QueueDoesNotExist`, `com.amazonaws.sqs#QueueDoesNotExist`. */
const bare = (code: string): string => code.split(/[.#]/).at(-1) ?? code;

/** Whether the message is the cause, and not the queue, the credentials or the moment. */
export const blamesMessage = ({ code }: Refusal): boolean => meanings.get(code) === rejected;

/** Reads the limit from "… Message must be shorter than 262144 bytes"; null for any other refusal. */
export function limitIn({ message }: Refusal): number | null {
  const [, limit] = /must be shorter than (\d+) bytes/.exec(message) ?? [];
  return limit === undefined ? null : Number(limit);
}

/** Unknown codes are throttling, quotas or disabled keys, all of which may pass. */
export function deliveryError(refusal: Refusal, permission: Permission, cause?: unknown): DeliveryError {
  const { code, message, status } = refusal;
  const deliveryCode = meanings.get(code) ?? failed;
  const words = [code, message].filter(Boolean).join(": ");
  const reason =
    deliveryCode === "DESTINATION_PERMISSION_MISSING"
      ? [keyPermission(message) ?? permission, words].join(": ")
      : words;
  return failure(deliveryCode, reason, { ...(status !== undefined && { status }), text: words, cause });
}

/** An encrypted queue needs permissions on its key as well. */
const keyPermission = (message: string): string | undefined => /\bkms:[A-Za-z]+/.exec(message)?.[0];

/** The failure of a request that threw. */
export function failureOf(thrown: unknown, permission: Permission, signal: AbortSignal): DeliveryError {
  const refusal = refusalOf(thrown);
  return refusal === null ? asDeliveryError(thrown, signal) : deliveryError(refusal, permission, thrown);
}
