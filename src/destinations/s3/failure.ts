/**
 * The meaning of a server's refusals. Codes: https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html.
 * Other servers with the same protocol have codes of their own, so that the status decides where the code does not.
 */
import { S3ServiceException } from "@aws-sdk/client-s3";
import type { DeliveryCode, DeliveryError } from "../destination.ts";
import { failure } from "../kit/failure.ts";

const failed = "DELIVERY_FAILED";
const wrongCredentials = "DESTINATION_CREDENTIALS_REFUSED";
const forbidden = "DESTINATION_PERMISSION_MISSING";
const missing = "DESTINATION_TARGET_MISSING";
const tooLarge = "DELIVERY_TOO_LARGE";
const rejected = "DELIVERY_REJECTED";

const meanings: ReadonlyMap<string, DeliveryCode> = new Map([
  ["InvalidAccessKeyId", wrongCredentials],
  ["SignatureDoesNotMatch", wrongCredentials],
  ["InvalidToken", wrongCredentials],
  ["ExpiredToken", wrongCredentials],
  ["InvalidSecurity", wrongCredentials],
  ["NotSignedUp", wrongCredentials],
  ["AccessDenied", forbidden],
  ["AllAccessDisabled", forbidden],
  ["NoSuchBucket", missing],
  ["InvalidBucketName", missing],
  ["PermanentRedirect", missing],
  ["EntityTooLarge", tooLarge],
  ["KeyTooLongError", rejected],
  ["MetadataTooLarge", rejected],
]);

/** The parts of a server's answer that the client exposes. */
export interface Refusal {
  readonly status: number;
  /** Empty where the answer had no body (HEAD has none). */
  readonly code: string;
  readonly message: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** Returns null where no server answered: a failure of the network, an abort. */
export function refusalOf(thrown: unknown): Refusal | null {
  if (!(thrown instanceof S3ServiceException)) return null;
  const { $metadata, $response, message } = thrown;
  const { Code, Region } = thrown as { Code?: string; Region?: string };
  const headers: Record<string, string> = { ...$response?.headers };
  if (Region !== undefined) headers[regionHeader] ??= Region;
  const told = message === "UnknownError" ? "" : message;
  return { status: $metadata.httpStatusCode ?? 0, code: Code ?? "", message: told, headers };
}

/** `permission` is the one that the request needs, for an answer that names none. */
export function deliveryError(refusal: Refusal, permission: string, cause: unknown): DeliveryError {
  const { status, code, headers, message } = refusal;
  const region = headers[regionHeader];
  const elsewhere = region !== undefined && (status === 301 || code === "AuthorizationHeaderMalformed");
  const deliveryCode = elsewhere ? missing : meaningOf(refusal);
  const words = [code, message].filter(Boolean).join(": ");
  const reason = elsewhere
    ? `the bucket is in the region ${region}`
    : deliveryCode === "DESTINATION_PERMISSION_MISSING"
      ? [named(message) ?? permission, words].filter(Boolean).join(": ")
      : words;
  return failure(deliveryCode, reason, { status, text: words, headers, cause });
}

const regionHeader = "x-amz-bucket-region";

function meaningOf({ status, code }: Refusal): DeliveryCode {
  const known = meanings.get(code);
  if (known !== undefined) return known;
  if (status === 401 || code === "AuthorizationHeaderMalformed") return wrongCredentials;
  // Other codes of 403 are quotas, a wrong clock or an unpaid bill.
  if (status === 403 && code === "") return forbidden;
  return status === 413 ? tooLarge : failed;
}

/** AWS says "… is not authorized to perform: kms:GenerateDataKey on resource …". */
const named = (message: string): string | undefined =>
  /not authorized to perform: ([a-z0-9-]+:[A-Za-z]+)/.exec(message)?.[1];
