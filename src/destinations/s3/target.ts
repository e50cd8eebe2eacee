/** Ceph's object gateway as a target: a bucket for each place, and users with exactly the policy of README.md. */
import { randomUUID } from "node:crypto";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { gunzipSync, zstdDecompressSync } from "node:zlib";
import {
  CreateBucketCommand,
  GetObjectCommand,
  PutBucketPolicyCommand,
  paginateListObjectsV2,
  S3Client,
} from "@aws-sdk/client-s3";
import { type CephKeys, type CephUser, recipe } from "../../../test/servers/ceph.ts";
import { isUnavailable, type Unavailable, useServer } from "../../../test/servers/server.ts";
import type { Address, Arrival, Place, Settings, Target } from "../conformance/target.ts";

/** An object as the owner of the bucket sees it. */
export interface StoredObject extends Arrival {
  readonly key: string;
  readonly metadata: Readonly<Record<string, string>>;
  readonly encoding: string | null;
}

export interface BucketPlace extends Place {
  readonly bucket: string;
  /** A user with all permissions in it. */
  readonly owner: S3Client;
  readonly ownerSettings: Settings;
  objects(): Promise<readonly StoredObject[]>;
}

export interface BucketTarget extends Target {
  readonly tls: { readonly port: number; readonly ca: string };
  open(reached: Address): Promise<BucketPlace>;
}

const region = "us-east-1";
const lacking = {
  "s3:PutObject": "no-put",
  "s3:GetObject": "no-get",
  "s3:DeleteObject": "no-delete",
} as const satisfies Record<string, CephUser>;

export async function startTarget(): Promise<BucketTarget | Unavailable> {
  const server = await useServer(recipe);
  if (isUnavailable(server)) return server;
  const { users, ca } = server.facts;
  const address = { host: server.host, port: server.ports.s3 as number };
  const owner = new S3Client({
    endpoint: `http://${address.host}:${address.port}`,
    region,
    forcePathStyle: true,
    credentials: users.owner,
  });
  return {
    server: server.version,
    address,
    tls: { port: server.ports.tls as number, ca },
    open: (reached) => openPlace(owner, users, reached),
    restart: () => server.restart(),
    close: async () => owner.destroy(),
  };
}

async function openPlace(
  owner: S3Client,
  users: Readonly<Record<CephUser, CephKeys>>,
  { host, port }: Address,
): Promise<BucketPlace> {
  const bucket = `systole-${randomUUID()}`;
  await owner.send(new CreateBucketCommand({ Bucket: bucket }));
  const policy = JSON.stringify(await bucketPolicy(bucket));
  await owner.send(new PutBucketPolicyCommand({ Bucket: bucket, Policy: policy }));
  const settings = (keys: CephKeys): Settings => ({
    bucket,
    region,
    endpoint: `http://${host}:${port}`,
    access_key_id: keys.accessKeyId,
    secret_access_key: keys.secretAccessKey,
  });
  const objects = () => readAll(owner, bucket);
  return {
    bucket,
    owner,
    ownerSettings: settings(users.owner),
    settings: settings(users.writer),
    wrongCredentials: settings({ ...users.writer, secretAccessKey: "of-somebody-else" }),
    lacking: Object.fromEntries(Object.entries(lacking).map(([name, user]) => [name, settings(users[user])])),
    objects,
    arrivals: objects,
    async close() {},
  };
}

interface Policy {
  readonly Version: string;
  readonly Statement: readonly object[];
}

/**
 * The policy of README.md. Ceph allows users everything with objects of their own, so that a user who is to lack a
 * permission has to be denied it, and the owner of the bucket has to be allowed to read.
 */
async function bucketPolicy(bucket: string): Promise<Policy> {
  const readme = await readFile(path.join(import.meta.dirname, "README.md"), "utf8");
  const [, json = ""] = /```json\n(.*?)```/s.exec(readme) ?? [];
  const { Version, Statement } = JSON.parse(json.replaceAll("YOUR-BUCKET", bucket)) as Policy;
  const everything = `arn:aws:s3:::${bucket}/*`;
  const writers = ["writer", ...Object.values(lacking)] as const;
  return {
    Version,
    Statement: [
      { Effect: "Allow", Action: ["s3:*"], Resource: everything, Principal: to("owner") },
      ...Statement.map((statement) => ({ ...statement, Principal: to(...writers) })),
      ...Object.entries(lacking).map(([action, user]) => ({
        Effect: "Deny",
        Action: [action],
        Resource: everything,
        Principal: to(user),
      })),
    ],
  };
}

const to = (...users: readonly CephUser[]): object => ({
  AWS: users.map((user) => `arn:aws:iam:::user/${user}`),
});

/** Without the manifest's entries. */
async function readAll(owner: S3Client, bucket: string): Promise<StoredObject[]> {
  const found: StoredObject[] = [];
  for await (const { Contents = [] } of paginateListObjectsV2({ client: owner }, { Bucket: bucket })) {
    const keys = Contents.map(({ Key = "" }) => Key).filter((key) => !key.includes("/manifest/"));
    found.push(...(await Promise.all(keys.map((key) => readOne(owner, bucket, key)))));
  }
  return found;
}

async function readOne(owner: S3Client, bucket: string, key: string): Promise<StoredObject> {
  const answer = await owner.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
  const content = Buffer.from((await answer.Body?.transformToByteArray()) ?? []);
  const encoding = answer.ContentEncoding ?? null;
  const metadata = answer.Metadata ?? {};
  return {
    key,
    metadata,
    encoding,
    eventId: metadata.eventid ?? "",
    revision: metadata.revision === undefined ? null : Number(metadata.revision),
    json: decompressed(content, encoding).toString("utf8"),
  };
}

function decompressed(content: Buffer, encoding: string | null): Buffer {
  if (encoding === "gzip") return gunzipSync(content);
  return encoding === "zstd" ? zstdDecompressSync(content) : content;
}
