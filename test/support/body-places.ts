/**
 * The places that SYSTOLE_BODY_STORE may name, each on its real server, with the least permissions that
 * docs/guides/bodies.md names.
 */
import { mkdtemp, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { PutBucketPolicyCommand, paginateListObjectsV2 } from "@aws-sdk/client-s3";
import { startTarget as startAzure } from "../../src/destinations/azure-blob/target.ts";
import { startTarget as startGcs } from "../../src/destinations/gcs/target.ts";
import { type BucketPlace, startTarget as startS3 } from "../../src/destinations/s3/target.ts";
import { directoryBodies } from "../../src/store/bodies/directory.ts";
import { toArray } from "../../src/store/bodies/to-array.fixture.ts";
import { isUnavailable, type Unavailable } from "../servers/server.ts";

export interface OpenPlace {
  /** The variables that a process of Systole needs. */
  readonly settings: Readonly<Record<string, string>>;
  /** Lists the keys of all objects below the prefix, with the vendor's own client. */
  keys(): Promise<string[]>;
  close(): Promise<void>;
}

type Open = () => Promise<OpenPlace | Unavailable>;

/** What is put before each key in a bucket. */
const prefix = "below/";

/** Returns the keys without the prefix; what is elsewhere in the bucket is an error. */
function withoutPrefix(names: readonly string[]): string[] {
  const strange = names.filter((name) => !name.startsWith(prefix));
  if (strange.length > 0) throw new Error(`outside of the prefix: ${strange}`);
  return names.map((name) => name.slice(prefix.length));
}

async function openDirectory(): Promise<OpenPlace> {
  const directory = await mkdtemp(path.join(os.tmpdir(), "systole-place-"));
  return {
    settings: { SYSTOLE_BODY_STORE: `file:${directory}` },
    keys: () => toArray(directoryBodies(directory).list("")),
    close: () => rm(directory, { recursive: true, force: true }),
  };
}

async function openAzure(): Promise<OpenPlace | Unavailable> {
  const target = await startAzure();
  if (isUnavailable(target)) return target;
  const { container, sasUrl } = await target.open(target.address);
  return {
    settings: {
      SYSTOLE_BODY_STORE: `azblob://${container.containerName}/${prefix}`,
      // Every page of a list is short, so that there are several.
      SYSTOLE_BODY_STORE_SECRET_ACCESS_KEY: `${sasUrl("rwdl")}&maxresults=2`,
    },
    keys: async () => withoutPrefix((await toArray(container.listBlobsFlat())).map(({ name }) => name)),
    close: () => target.close(),
  };
}

const googlePermissions = ["create", "get", "delete", "list"].map((verb) => `storage.objects.${verb}`);

async function openGoogle(): Promise<OpenPlace | Unavailable> {
  const target = await startGcs();
  if (isUnavailable(target)) return target;
  const { bucket } = await target.open(target.address);
  const { accounts, port } = target.standIn;
  const endpoint = `http://127.0.0.1:${port}`;
  return {
    settings: {
      SYSTOLE_BODY_STORE: `gs://${bucket.name}/${prefix}?endpoint=${encodeURIComponent(endpoint)}`,
      SYSTOLE_BODY_STORE_SECRET_ACCESS_KEY: accounts.add(googlePermissions, `${endpoint}/token`),
    },
    keys: async () => withoutPrefix((await bucket.getFiles())[0].map(({ name }) => name)),
    close: () => target.close(),
  };
}

async function openS3(): Promise<OpenPlace | Unavailable> {
  const target = await startS3();
  if (isUnavailable(target)) return target;
  const place = await target.open(target.address);
  await allowWriter(place);
  const { bucket, owner, settings } = place;
  const { endpoint = "", access_key_id = "", secret_access_key = "" } = settings as Record<string, string>;
  return {
    settings: {
      SYSTOLE_BODY_STORE: `s3://${bucket}/${prefix}?region=us-east-1&endpoint=${encodeURIComponent(endpoint)}`,
      SYSTOLE_BODY_STORE_ACCESS_KEY_ID: access_key_id,
      SYSTOLE_BODY_STORE_SECRET_ACCESS_KEY: secret_access_key,
    },
    async keys() {
      const pages = await toArray(paginateListObjectsV2({ client: owner }, { Bucket: bucket }));
      return withoutPrefix(pages.flatMap(({ Contents = [] }) => Contents.map(({ Key = "" }) => Key)));
    },
    async close() {
      await place.close();
      await target.close();
    },
  };
}

async function allowWriter({ owner, bucket }: BucketPlace): Promise<void> {
  const Principal = { AWS: ["arn:aws:iam:::user/writer"] };
  const arn = `arn:aws:s3:::${bucket}`;
  const objects = ["s3:PutObject", "s3:GetObject", "s3:DeleteObject"];
  const Statement = [
    { Effect: "Allow", Principal, Action: objects, Resource: `${arn}/*` },
    { Effect: "Allow", Principal, Action: ["s3:ListBucket"], Resource: arn },
  ];
  const Policy = JSON.stringify({ Version: "2012-10-17", Statement });
  await owner.send(new PutBucketPolicyCommand({ Bucket: bucket, Policy }));
}

/** Each kind of place, opened empty. */
export const bodyPlaces: Readonly<Record<string, Open>> = {
  "a directory": openDirectory,
  "a container of Azure": openAzure,
  "a bucket of Google": openGoogle,
  "a bucket of S3": openS3,
};
