/** Bodies as objects of S3, or of a server with its protocol. */
import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import type { Readable } from "node:stream";
import {
  DeleteObjectCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  NoSuchKey,
  PutObjectCommand,
  type S3Client,
} from "@aws-sdk/client-s3";
import type { BodyStore } from "./body-store.ts";
import { spooled } from "./spooled.ts";

/** Large enough for the largest body on a slow line. */
const timeMs = 30 * 60_000;
/** A body of a row is small. A transaction waits for it. */
const shortMs = 60_000;

export interface S3Place {
  readonly client: Pick<S3Client, "send">;
  readonly bucket: string;
  /** Put before every key. */
  readonly prefix: string;
  /** The directory for files that are being received or read. */
  readonly incoming: string;
}

export function s3Bodies({ client, bucket, prefix, incoming }: S3Place): BodyStore {
  const named = (key: string) => ({ Bucket: bucket, Key: `${prefix}${key}` });
  const limit = (ms = timeMs) => ({ abortSignal: AbortSignal.timeout(ms) });
  const get = async (key: string, ms: number) => {
    try {
      const { Body: body } = await client.send(new GetObjectCommand(named(key)), limit(ms));
      return body ?? null;
    } catch (error) {
      if (error instanceof NoSuchKey) return null;
      throw error;
    }
  };
  return {
    incoming,
    async put(key, file) {
      const { size } = await stat(file);
      const body = { Body: createReadStream(file), ContentLength: size };
      await client.send(new PutObjectCommand({ ...named(key), ...body }), limit());
    },
    async write(key, bytes) {
      const body = { Body: bytes, ContentLength: bytes.length };
      await client.send(new PutObjectCommand({ ...named(key), ...body }), limit(shortMs));
    },
    async open(key) {
      const body = await get(key, timeMs);
      return body === null ? null : spooled(body as Readable, incoming);
    },
    async read(key) {
      const body = await get(key, shortMs);
      return body === null ? null : Buffer.from(await body.transformToByteArray());
    },
    async remove(key) {
      await client.send(new DeleteObjectCommand(named(key)), limit());
    },
    async *list(start) {
      let token: string | undefined;
      do {
        const from = { Bucket: bucket, Prefix: `${prefix}${start}`, ContinuationToken: token };
        const page = await client.send(new ListObjectsV2Command(from), limit(shortMs));
        for (const { Key: name = "" } of page.Contents ?? []) yield name.slice(prefix.length);
        token = page.NextContinuationToken;
      } while (token !== undefined);
    },
  };
}
