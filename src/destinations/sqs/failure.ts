/**
 * What refusals mean, of a request or of one entry of a batch. Codes:
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/CommonErrors.html and those of
 * SendMessageBatch. Servers that only speak the same protocol prefix them in their own ways.
 */
import { type BatchResultErrorEntry, SQSServiceException } from "@aws-sdk/client-sqs";
import { type ErrorCode, errorMessage } from "../../errors.ts";
import { DeliveryError } from "../destination.ts";

type Meaning = readonly [code: DeliveryCode, retry: DeliveryError["retry"]];
type DeliveryCode = Extract<ErrorCode, `DELIVERY_${string}` | `DESTINATION_${string}`>;
type Permission = "sqs:SendMessage" | "sqs:GetQueueAttributes";

const failed: Meaning = ["DELIVERY_FAILED", "later"];
const strangers: Meaning = ["DESTINATION_CREDENTIALS_REFUSED", "later"];
const forbidden: Meaning = ["DESTINATION_PERMISSION_MISSING", "later"];
const missing: Meaning = ["DESTINATION_TARGET_MISSING", "later"];
const rejected: Meaning = ["DELIVERY_REJECTED", "never"];

const meanings: ReadonlyMap<string, Meaning> = new Map([
  ["InvalidClientTokenId", strangers],
  ["UnrecognizedClientException", strangers],
  ["InvalidAccessKeyId", strangers],
  ["SignatureDoesNotMatch", strangers],
  ["InvalidSignatureException", strangers],
  ["IncompleteSignature", strangers],
  ["MissingAuthenticationToken", strangers],
  ["InvalidSecurity", strangers],
  ["ExpiredToken", strangers],
  ["AuthFailure", strangers],
  ["OptInRequired", strangers],
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
const keptCharacters = 1_024;

/** What a server said of a request or of one of its entries. */
export interface Refusal {
  readonly code: string;
  readonly message: string;
  readonly status?: number;
}

/** Null for what no server answered: the network's failures, an abort. */
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

/** Whether a message is to blame, and not the queue, the credentials or the moment. */
export const blamesMessage = ({ code }: Refusal): boolean => meanings.get(code) === rejected;

/** "… Message must be shorter than 262144 bytes": the limit that a message is over; null for anything else. */
export function limitIn({ message }: Refusal): number | null {
  const [, limit] = /must be shorter than (\d+) bytes/.exec(message) ?? [];
  return limit === undefined ? null : Number(limit);
}

/** Codes we do not know are throttling, quotas, keys that are disabled: all of them may pass. */
export function deliveryError(refusal: Refusal, permission: Permission, cause?: unknown): DeliveryError {
  const { code, message, status } = refusal;
  const [deliveryCode, retry] = meanings.get(code) ?? failed;
  const words = [code, message].filter(Boolean).join(": ").slice(0, keptCharacters);
  const reason =
    deliveryCode === "DESTINATION_PERMISSION_MISSING"
      ? [keyPermission(message) ?? permission, words].join(": ")
      : words;
  const receipt = { response: words, ...(status === undefined ? {} : { status }) };
  return new DeliveryError(deliveryCode, retry, receipt, {
    reason,
    ...(cause === undefined ? {} : { cause }),
  });
}

/** An encrypted queue takes permissions on its key besides. */
const keyPermission = (message: string): string | undefined => /\bkms:[A-Za-z]+/.exec(message)?.[0];

/** Whatever a request threw. */
export function failureOf(thrown: unknown, permission: Permission, signal: AbortSignal): DeliveryError {
  for (let cause = thrown; cause instanceof Error; cause = cause.cause) {
    if (cause instanceof DeliveryError) return cause;
  }
  const refusal = refusalOf(thrown);
  if (refusal !== null) return deliveryError(refusal, permission, thrown);
  const code = signal.aborted ? "DELIVERY_TIMEOUT" : "DELIVERY_FAILED";
  return new DeliveryError(code, "later", {}, { cause: thrown, reason: errorMessage(thrown) });
}
