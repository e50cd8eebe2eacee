/** @aws-sdk/client-s3: an object for each event. */
import { PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import type { OpenFloor } from "./floor.ts";

interface Settings {
  readonly bucket: string;
  readonly region: string;
  readonly endpoint: string;
  readonly access_key_id: string;
  readonly secret_access_key: string;
}

export const open: OpenFloor<Settings> = async (settings) => {
  const {
    bucket,
    region,
    endpoint,
    access_key_id: accessKeyId,
    secret_access_key: secretAccessKey,
  } = settings;
  const credentials = { accessKeyId, secretAccessKey };
  const client = new S3Client({ region, endpoint, credentials, forcePathStyle: true });
  return {
    async carry(body, n) {
      const object = { Bucket: bucket, Key: `floor/${n}.json`, Body: body, ContentType: "application/json" };
      await client.send(new PutObjectCommand(object));
    },
    close: async () => client.destroy(),
  };
};
