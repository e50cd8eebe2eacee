/** @aws-sdk/client-sqs: a message for each event. */
import { SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import type { OpenFloor } from "./floor.ts";

interface Settings {
  readonly queue_url: string;
  readonly region: string;
  readonly access_key_id: string;
  readonly secret_access_key: string;
}

export const open: OpenFloor<Settings> = async (settings) => {
  const {
    queue_url: QueueUrl,
    region,
    access_key_id: accessKeyId,
    secret_access_key: secretAccessKey,
  } = settings;
  const endpoint = new URL(QueueUrl).origin;
  const client = new SQSClient({ region, endpoint, credentials: { accessKeyId, secretAccessKey } });
  return {
    async carry(body) {
      await client.send(new SendMessageCommand({ QueueUrl, MessageBody: body.toString() }));
    },
    close: async () => client.destroy(),
  };
};
