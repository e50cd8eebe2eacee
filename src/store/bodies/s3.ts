/** Bodies as objects of S3, or of a server with its protocol. */
import { createReadStream, createWriteStream } from "node:fs";
import { mkdir, rm, stat } from "node:fs/promises";
import path from "node:path";
import type { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import {
  DeleteObjectCommand,
  GetObjectCommand,
  NoSuchKey,
  PutObjectCommand,
  type S3Client,
} from "@aws-sdk/client-s3";
import { newId } from "../identifiers.ts";
import type { BodyStore, LocalBody } from "./body-store.ts";

/** Large enough for the largest body on a slow line. */
const timeMs = 30 * 60_000;

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
  const limit = () => ({ abortSignal: AbortSignal.timeout(timeMs) });
  return {
    incoming,
    async put(key, file) {
      const { size } = await stat(file);
      const body = { Body: createReadStream(file), ContentLength: size };
      await client.send(new PutObjectCommand({ ...named(key), ...body }), limit());
    },
    async open(key) {
      try {
        const { Body: body } = await client.send(new GetObjectCommand(named(key)), limit());
        return body === undefined ? null : await spooled(body as Readable, incoming);
      } catch (error) {
        if (error instanceof NoSuchKey) return null;
        throw error;
      }
    },
    async remove(key) {
      await client.send(new DeleteObjectCommand(named(key)), limit());
    },
  };
}

async function spooled(body: Readable, directory: string): Promise<LocalBody> {
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const file = path.join(directory, newId());
  const remove = () => rm(file, { force: true });
  try {
    await pipeline(body, createWriteStream(file, { mode: 0o600 }));
  } catch (error) {
    await remove();
    throw error;
  }
  return { file, [Symbol.asyncDispose]: remove };
}
