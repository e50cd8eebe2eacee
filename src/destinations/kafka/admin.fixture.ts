/** What tests do to a broker around our own code: users, permissions, topics, and reading what is there. */
import { pbkdf2Sync, randomBytes } from "node:crypto";
import {
  AclOperations,
  AclPermissionTypes,
  Admin,
  alterUserScramCredentialsV0,
  Connection,
  Consumer,
  type KafkaRecord,
  type RecordsBatch,
  ResourcePatternTypes,
  ResourceTypes,
} from "@platformatic/kafka";
import type { Address } from "../conformance/target.ts";

/** A record with its headers as text. */
export interface KafkaMessage {
  readonly key: string;
  readonly value: Buffer;
  readonly headers: Readonly<Record<string, string>>;
  readonly partition: number;
  readonly offset: bigint;
  readonly timestamp: bigint;
}

export type Operation = "WRITE" | "CREATE" | "DESCRIBE" | "DESCRIBE_CONFIGS";

const fetchBytes = 64 * 1_048_576;
const iterations = 4_096;
const scram = { "scram-sha-256": [1, "sha256", 32], "scram-sha-512": [2, "sha512", 64] } as const;
export type ScramMechanism = keyof typeof scram;

/** Its own client, which may do everything. */
export class KafkaAdmin {
  readonly #address: Address;
  readonly #admin: Admin;
  readonly #consumer: Consumer;

  constructor(address: Address) {
    this.#address = address;
    const options = { bootstrapBrokers: [`${address.host}:${address.port}`], retries: 5, retryDelay: 200 };
    this.#admin = new Admin({ ...options, clientId: "test-admin" });
    this.#consumer = new Consumer({ ...options, clientId: "test-reader", groupId: "test", maxWaitTime: 0 });
  }

  /** @throws when the broker does not take it */
  async addScramUser(name: string, password: string, mechanism: ScramMechanism): Promise<void> {
    const [number, hash, length] = scram[mechanism];
    const salt = randomBytes(16);
    const saltedPassword = pbkdf2Sync(password, salt, iterations, length, hash);
    const user = { name, mechanism: number, iterations, salt, saltedPassword };
    const connection = new Connection("test-admin");
    await connection.connect(this.#address.host, this.#address.port);
    await alterUserScramCredentialsV0.api.async(connection, [], [user]);
    await connection.close();
  }

  async allow(user: string, topic: string, operations: readonly Operation[]): Promise<void> {
    const creations = operations.map((operation) => ({
      resourceType: ResourceTypes.TOPIC,
      resourceName: topic,
      resourcePatternType: ResourcePatternTypes.LITERAL,
      principal: `User:${user}`,
      host: "*",
      operation: AclOperations[operation],
      permissionType: AclPermissionTypes.ALLOW,
    }));
    await this.#admin.createAcls({ creations });
  }

  async createTopic(
    topic: string,
    configs: Readonly<Record<string, string>> = {},
    partitions = 3,
  ): Promise<void> {
    await this.#admin.createTopics({
      topics: [topic],
      partitions,
      replicas: 1,
      configs: Object.entries(configs).map(([name, value]) => ({ name, value })),
    });
  }

  async configure(topic: string, name: string, value: string): Promise<void> {
    const config = { name, configOperation: 0 as const, value };
    await this.#admin.incrementalAlterConfigs({
      resources: [{ resourceType: 2, resourceName: topic, configs: [config] }],
    });
  }

  async topics(): Promise<string[]> {
    return this.#admin.listTopics();
  }

  /** Resolves when it is gone. */
  async deleteTopic(topic: string): Promise<void> {
    await this.#admin.deleteTopics({ topics: [topic] });
  }

  /** All that is in the topic, partition by partition; nothing where there is no topic. */
  async read(topic: string): Promise<KafkaMessage[]> {
    if (!(await this.topics()).includes(topic)) return [];
    const { topics } = await this.#consumer.metadata({ topics: [topic], forceUpdate: true });
    const partitions = topics.get(topic)?.partitions ?? [];
    const read = partitions.map(({ leader }, partition) =>
      this.#readPartition(topics.get(topic)?.id ?? "", leader, partition),
    );
    return (await Promise.all(read)).flat();
  }

  async #readPartition(topicId: string, node: number, partition: number): Promise<KafkaMessage[]> {
    const messages: KafkaMessage[] = [];
    for (let offset = 0n; ; ) {
      const wanted = { partition, currentLeaderEpoch: -1, fetchOffset: offset, lastFetchedEpoch: -1 };
      const topics = [{ topicId, partitions: [{ ...wanted, partitionMaxBytes: fetchBytes }] }];
      const { responses } = await this.#consumer.fetch({
        node,
        topics,
        maxBytes: fetchBytes,
        maxWaitTime: 0,
      });
      const found = responses[0]?.partitions[0];
      messages.push(...messagesOf(partition, found?.records ?? []));
      const last = messages.at(-1)?.offset ?? -1n;
      if (last + 1n >= (found?.highWatermark ?? 0n)) return messages;
      offset = last + 1n;
    }
  }

  async close(): Promise<void> {
    await Promise.all([this.#admin.close(), this.#consumer.close(true)]);
  }
}

function messagesOf(partition: number, batches: readonly RecordsBatch[]): KafkaMessage[] {
  return batches.flatMap(({ firstOffset, firstTimestamp, records }) =>
    records.map((record) => ({
      ...contentOf(record),
      partition,
      offset: firstOffset + BigInt(record.offsetDelta),
      timestamp: firstTimestamp + record.timestampDelta,
    })),
  );
}

function contentOf({ key, value, headers }: KafkaRecord): Pick<KafkaMessage, "key" | "value" | "headers"> {
  const texts = headers.map(([name, content]): [string, string] => [String(name), String(content)]);
  return {
    key: key?.toString("utf8") ?? "",
    value: value ?? Buffer.alloc(0),
    headers: Object.fromEntries(texts),
  };
}
