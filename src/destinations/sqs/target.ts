/**
 * SQS, for the conformance suite: fauxqs, which keeps AWS's limits and accepts any credentials, and moto beside it
 * for cases that depend on credentials.
 */
import { randomUUID } from "node:crypto";
import {
  CreateQueueCommand,
  DeleteQueueCommand,
  type MessageAttributeValue,
  SQSClient,
} from "@aws-sdk/client-sqs";
import { recipe as fauxqs } from "../../../test/servers/fauxqs.ts";
import { type AccessKey, type MotoFacts, recipe as moto } from "../../../test/servers/moto.ts";
import {
  isUnavailable,
  type RunningServer,
  type Unavailable,
  useServer,
} from "../../../test/servers/server.ts";
import {
  type Address,
  type Arrival,
  endlessHttp,
  type Place,
  type Settings,
  type Target,
  type TargetBehaviour,
} from "../conformance/target.ts";

export const behaviour: TargetBehaviour = {
  kind: "sqs",
  keeps: "all",
  // U+FFFE and U+FFFF are spelled as escapes.
  exact: "fields",
  holds: "event",
  endless: endlessHttp,
  oversizeBytes: 1_048_577,
  fitsBytes: 1_048_000,
};

const region = "us-east-1";
const anybody = { access_key_id: "AKIAIOSFODNN7EXAMPLE", secret_access_key: "secret" };

export async function startTarget(): Promise<Target | Unavailable> {
  const server = await useServer(fauxqs);
  if (isUnavailable(server)) return server;
  const withUsers = await useServer(moto);
  const port = server.ports.http as number;
  return {
    server: server.version,
    address: { host: server.host, port },
    open: (reached) => openPlace(server.facts.url, reached, isUnavailable(withUsers) ? null : withUsers),
    restart: () => server.restart(),
    close: async () => {},
  };
}

async function openPlace(
  url: string,
  reached: Address,
  users: RunningServer<MotoFacts> | null,
): Promise<Place> {
  const queue = await makeQueue(url, anybody);
  const { pathname } = new URL(queue.url);
  const settings = { queue_url: `http://${reached.host}:${reached.port}${pathname}`, region, ...anybody };
  const guarded = users === null ? null : await makeQueue(users.facts.url, users.facts.users.admin);
  const as = (key: AccessKey): Settings => ({ queue_url: guarded?.url, region, ...key });
  return {
    settings,
    arrivals: async () => (await queueContent(url, queue.name)).map(arrivalOf),
    ...(users === null
      ? {}
      : {
          wrongCredentials: as(anybody),
          lacking: {
            "sqs:SendMessage": as(users.facts.users.reader),
            "sqs:GetQueueAttributes": as(users.facts.users["sender-who-may-not-ask"]),
          },
        }),
    // Too large for any message, and for the link form as well.
    poison: (event) => ({ ...event, referenceId: "x".repeat(behaviour.oversizeBytes ?? 0) }),
    close: async () => {
      await queue.remove();
      await guarded?.remove();
    },
  };
}

export interface TestQueue {
  readonly name: string;
  readonly url: string;
  remove(): Promise<void>;
}

/** A new one on the server, made with the vendor's client. */
export async function makeQueue(
  url: string,
  { access_key_id: accessKeyId, secret_access_key: secretAccessKey }: AccessKey,
  { fifo = false, ...Attributes }: { readonly fifo?: boolean; readonly MaximumMessageSize?: string } = {},
): Promise<TestQueue> {
  const client = new SQSClient({ endpoint: url, region, credentials: { accessKeyId, secretAccessKey } });
  const name = `events-${randomUUID()}${fifo ? ".fifo" : ""}`;
  const { QueueUrl } = await client.send(
    new CreateQueueCommand({
      QueueName: name,
      Attributes: { ...Attributes, ...(fifo ? { FifoQueue: "true" } : {}) },
    }),
  );
  return {
    name,
    // A server may give itself a name that cannot be resolved here.
    url: `${url}${new URL(QueueUrl as string).pathname}`,
    remove: async () => {
      await client.send(new DeleteQueueCommand({ QueueUrl }));
      client.destroy();
    },
  };
}

/** A message as fauxqs shows it, without taking it. */
export interface FoundMessage {
  readonly body: string;
  readonly messageAttributes: Readonly<Record<string, MessageAttributeValue>>;
  readonly messageGroupId?: string;
  readonly messageDeduplicationId?: string;
}

export async function queueContent(url: string, name: string): Promise<FoundMessage[]> {
  const response = await fetch(`${url}/_fauxqs/queues/${name}`);
  const { messages } = (await response.json()) as { messages: { ready: FoundMessage[] } };
  return messages.ready;
}

function arrivalOf({ body, messageAttributes }: FoundMessage): Arrival {
  const { event_id, revision } = messageAttributes;
  return {
    eventId: event_id?.StringValue ?? "",
    revision: revision === undefined ? null : Number(revision.StringValue),
    json: body,
  };
}
