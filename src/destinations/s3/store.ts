/** S3, and other servers with its protocol, as an object store. */
import {
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  PutObjectCommand,
  type PutObjectCommandInput,
  type S3Client,
} from "@aws-sdk/client-s3";
import { getSignedUrl } from "@aws-sdk/s3-request-presigner";
import type { FoundObject, NewObject, ObjectStore, PutCondition } from "../kit/objects/store.ts";
import { deliveryError, type Refusal, refusalOf } from "./failure.ts";

type Conditions = Pick<PutObjectCommandInput, "IfMatch" | "IfNoneMatch">;

/** No known content has this MD5. */
const noEtag = `"${"0".repeat(32)}"`;

export function s3Store(client: S3Client, bucket: string): Omit<ObjectStore, "close"> {
  const put = putter(client, bucket);
  return {
    put,
    async head(key, signal) {
      const request = new HeadObjectCommand({ Bucket: bucket, Key: key });
      const sent = client.send(request, { abortSignal: signal });
      const answer = await sent.catch(refused("s3:GetObject", ({ status }) => status === 404));
      return answer === null ? null : found(answer.ETag, answer.Metadata);
    },
    async remove(key, signal, version) {
      // Servers that do not know the condition remove without it.
      const condition = version === undefined ? {} : { IfMatch: version };
      const request = new DeleteObjectCommand({ Bucket: bucket, Key: key, ...condition });
      const sent = client.send(request, { abortSignal: signal });
      const isGone = ({ status, code }: Refusal): boolean =>
        code === "NoSuchKey" || (version !== undefined && status === 412);
      await sent.catch(refused("s3:DeleteObject", isGone));
    },
    sign: (key, expiresInSeconds) =>
      getSignedUrl(client, new GetObjectCommand({ Bucket: bucket, Key: key }), {
        expiresIn: expiresInSeconds,
      }),
  };
}

const found = (version = "", metadata = {}): FoundObject => ({ version, metadata });

/** Returns null for a refusal that is expected. @throws DeliveryError for any other */
const refused =
  (permission: string, expected: (refusal: Refusal) => boolean) =>
  (thrown: unknown): null => {
    const refusal = refusalOf(thrown);
    if (refusal === null) throw thrown;
    if (expected(refusal)) return null;
    throw deliveryError(refusal, permission, thrown);
  };

/**
 * Most servers take an ETag as they give it, in quotation marks; Ceph before its release 19 only without. The
 * spelling that worked is tried first from then on.
 */
function putter(client: S3Client, bucket: string): ObjectStore["put"] {
  let spellings = [(etag: string) => etag, (etag: string) => etag.replaceAll('"', "")];

  async function send(object: NewObject, conditions: Conditions, signal: AbortSignal): Promise<boolean> {
    const { key, body, contentType, encoding, metadata } = object;
    const request = new PutObjectCommand({
      Bucket: bucket,
      Key: key,
      Body: body,
      ContentType: contentType,
      ...(encoding !== null && { ContentEncoding: encoding }),
      Metadata: { ...metadata },
      ...conditions,
    });
    const isExpected = (refusal: Refusal): boolean => isConflict(refusal, conditions);
    const sent = client.send(request, { abortSignal: signal });
    return (await sent.catch(refused("s3:PutObject", isExpected))) !== null;
  }

  async function over(object: NewObject, version: string, signal: AbortSignal): Promise<boolean> {
    for (const spell of spellings) {
      if (!(await send(object, { IfMatch: spell(version) }, signal))) continue;
      spellings = spellings.toSorted((one) => (one === spell ? -1 : 1));
      return true;
    }
    return false;
  }

  return async (object, condition, signal) => {
    const isWritten =
      typeof condition === "object"
        ? await over(object, condition.over, signal)
        : await send(object, simple[condition], signal);
    return isWritten ? "written" : "conflict";
  };
}

const simple: Readonly<Record<Extract<PutCondition, string>, Conditions>> = {
  always: {},
  absent: { IfNoneMatch: "*" },
  impossible: { IfMatch: noEtag },
};

/**
 * 409: another writer was quicker. 404: the object that should be overwritten is missing. 500: Ceph's answer for the
 * first; on other servers it costs only another look at the object.
 */
function isConflict({ status, code }: Refusal, { IfMatch, IfNoneMatch }: Conditions): boolean {
  if (IfMatch === undefined && IfNoneMatch === undefined) return false;
  if (status === 412 || code === "ConditionalRequestConflict") return true;
  if (IfMatch === undefined) return false;
  return code === "NoSuchKey" || (status === 500 && IfMatch !== noEtag);
}
