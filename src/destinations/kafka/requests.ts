/**
 * The requests that the sender makes, each in the newest version that the broker and the client both know. A broker
 * answers for each topic and partition on its own: the answers here hold its error codes, and only an error of the
 * request as a whole is thrown.
 */
import * as kafka from "@platformatic/kafka";
import { failure } from "../kit/failure.ts";
import type { Broker } from "./brokers.ts";
import { failureOf } from "./failure.ts";
import type { Address, Settings } from "./settings.ts";

/** The name of an error code; 0 is "NONE". */
export const errorName = (code: number): string => kafka.protocolErrorsCodesById[code] ?? `error ${code}`;

export interface TopicFound {
  /** "NONE" where the topic exists and we may describe it. */
  readonly error: string;
  /** The leader of each partition; null for one that has none now. */
  readonly leaders: readonly (Address | null)[];
  /** Bits by the numbers of Kafka's operations; null where the broker does not tell. */
  readonly operations: number | null;
  readonly controller: Address | null;
}

/** A broker's value for operations that it does not tell. */
const notTold = -2_147_483_648;

export async function findTopic(broker: Broker, topic: string, operations = false): Promise<TopicFound> {
  const metadata = versionFor<typeof kafka.metadataV12.api>(broker, "metadata", { key: 3, from: 4 });
  const answer = await answered(metadata.async(broker.connection, [topic], false, operations));
  const found = answer.topics[0];
  const brokers = new Map(answer.brokers.map(({ nodeId, host, port }) => [nodeId, { host, port }]));
  const byNumber = (found?.partitions ?? []).toSorted((a, b) => a.partitionIndex - b.partitionIndex);
  return {
    error: errorName(found?.errorCode ?? -1),
    leaders: byNumber.map(({ leaderId }) => brokers.get(leaderId) ?? null),
    operations: told(found?.topicAuthorizedOperations),
    controller: brokers.get(answer.controllerId) ?? null,
  };
}

const told = (operations: number | undefined): number | null =>
  operations === undefined || operations === notTold ? null : operations;

const createTimeoutMs = 5_000;

/** Makes a topic with the cluster's default numbers of partitions and replicas. */
export async function createTopic(
  broker: Broker,
  topic: string,
  { validateOnly }: { readonly validateOnly: boolean },
): Promise<{ readonly error: string; readonly message: string }> {
  const create = versionFor<typeof kafka.createTopicsV7.api>(broker, "createTopics", { key: 19, from: 4 });
  const wanted = { name: topic, numPartitions: -1, replicationFactor: -1, assignments: [], configs: [] };
  const answer = await answered(create.async(broker.connection, [wanted], createTimeoutMs, validateOnly));
  const error = errorName(answer.topics[0]?.errorCode ?? -1);
  return { error, message: answer.topics[0]?.errorMessage ?? error };
}

const topicResource = 2 as const;
const limitName = "max.message.bytes";

/** The largest batch the topic takes; null where we may not ask or the broker does not tell. */
export async function readMessageLimit(broker: Broker, topic: string): Promise<number | null> {
  if (!broker.versions.has(32)) return null;
  const describe = versionFor<typeof kafka.describeConfigsV4.api>(broker, "describeConfigs", {
    key: 32,
    from: 1,
  });
  const asked = { resourceType: topicResource, resourceName: topic, configurationKeys: [limitName] };
  const answer = await answered(describe.async(broker.connection, [asked], false, false));
  const limit = Number(answer.results[0]?.configs.find(({ name }) => name === limitName)?.value);
  return limit > 0 ? limit : null;
}

export interface PartitionAnswer {
  readonly partition: number;
  /** "NONE" where all is written. */
  readonly error: string;
  readonly message: string | null;
  readonly firstOffset: bigint;
}

const allReplicas = -1;
const produceTimeoutMs = 6_000;

/** Sends one batch for each partition that the messages name, each written whole or not at all. */
export async function produce(
  broker: Broker,
  messages: kafka.MessageRecord[],
  compression: Settings["compression"],
): Promise<PartitionAnswer[]> {
  const produce = versionFor<typeof kafka.produceV11.api>(broker, "produce", { key: 0, from: 3 });
  const sent = produce.async(broker.connection, allReplicas, produceTimeoutMs, messages, { compression });
  const answer = await answered(sent);
  if (typeof answer === "boolean") throw failure("DELIVERY_FAILED", "the broker did not answer");
  return (answer.responses[0]?.partitionResponses ?? []).map((response) => ({
    partition: response.index,
    error: errorName(response.errorCode),
    message: response.errorMessage ?? null,
    firstOffset: response.baseOffset,
  }));
}

/** Returns the answer also where a part of it is an error, which the client throws. @throws DeliveryError */
async function answered<Answer>(request: Promise<Answer>): Promise<Answer> {
  try {
    return await request;
  } catch (error) {
    if (error instanceof kafka.ResponseError) return error.response as Answer;
    throw failureOf(error);
  }
}

/** @throws DeliveryError when the broker is too old or too new for the client */
function versionFor<Api>(
  { versions }: Broker,
  name: string,
  { key, from }: { readonly key: number; readonly from: number },
): Api {
  const { minVersion, maxVersion } = versions.get(key) ?? { minVersion: 0, maxVersion: -1 };
  for (let version = maxVersion; version >= Math.max(minVersion, from); version--) {
    const known = (kafka as unknown as Record<string, { api: Api } | undefined>)[`${name}V${version}`];
    if (known !== undefined) return known.api;
  }
  throw failure("DELIVERY_FAILED", `the broker knows no version of ${name} that we know`);
}
