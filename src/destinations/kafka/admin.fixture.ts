/** Administration of a broker for tests, with other code than the sender's: users, permissions, topics, reading. */
import { pbkdf2Sync, randomBytes, randomUUID } from "node:crypto";
import {
  AclOperations,
  AclPermissionTypes,
  Admin,
  alterUserScramCredentialsV0,
  Connection,
  Consumer,
  type KafkaRecord,
  metadataV12,
  type RecordsBatch,
  ResourcePatternTypes,
  ResourceTypes,
} from "@platformatic/kafka";
import type { KafkaFacts } from "../../../test/servers/kafka.ts";
import type { RunningServer } from "../../../test/servers/server.ts";
import { waitFor } from "../../../test/support/wait.ts";

/** A record with its headers as text. */
export interface KafkaMessage {
  readonly key: string;
  readonly value: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly partition: number;
  readonly offset: bigint;
  readonly timestamp: bigint;
}

export type Operation = "WRITE" | "CREATE" | "DESCRIBE" | "DESCRIBE_CONFIGS";

/** The messages by topic. */
export type Grants = Readonly<Record<string, readonly Operation[]>>;

/** The credentials in the form of a destination's settings. */
export interface Login {
  readonly mechanism: keyof typeof mechanisms;
  readonly username: string;
  readonly password: string;
}

const fetchBytes = 64 * 1_048_576;
const iterations = 4_096;
const scram = { "scram-sha-256": [1, "sha256", 32], "scram-sha-512": [2, "sha512", 64] } as const;
const mechanisms = {
  plain: "PLAIN",
  "scram-sha-256": "SCRAM-SHA-256",
  "scram-sha-512": "SCRAM-SHA-512",
} as const;
const host = "127.0.0.1";

/** Its own client, which may do everything. */
export class KafkaAdmin {
  readonly #server: RunningServer<KafkaFacts>;
  readonly #admin: Admin;
  readonly #consumer: Consumer;

  constructor(server: RunningServer<KafkaFacts>) {
    this.#server = server;
    const options = { bootstrapBrokers: [`${host}:${server.ports.admin}`], retries: 5, retryDelay: 200 };
    this.#admin = new Admin({ ...options, clientId: "test-admin" });
    this.#consumer = new Consumer({ ...options, clientId: "test-reader", groupId: "test", maxWaitTime: 0 });
  }

  /** A user with these permissions only, when the broker knows of it; the one of PLAIN is always the same. */
  async newUser(mechanism: Login["mechanism"], grants: Grants): Promise<Login> {
    const login =
      mechanism === "plain"
        ? { mechanism, username: "plain-writer", password: this.#server.facts.plain["plain-writer"] }
        : { mechanism, username: `user-${randomUUID()}`, password: randomUUID() };
    if (mechanism !== "plain") await this.#addScramUser(login.username, login.password, mechanism);
    for (const [topic, operations] of Object.entries(grants)) {
      await this.#allow(login.username, topic, operations);
      await this.#untilAllowed(login, topic, operations);
    }
    return login;
  }

  async #addScramUser(name: string, password: string, mechanism: keyof typeof scram): Promise<void> {
    const [number, hash, length] = scram[mechanism];
    const salt = randomBytes(16);
    const saltedPassword = pbkdf2Sync(password, salt, iterations, length, hash);
    const user = { name, mechanism: number, iterations, salt, saltedPassword };
    const connection = new Connection("test-admin");
    await connection.connect(host, this.#server.ports.admin as number);
    await alterUserScramCredentialsV0.api.async(connection, [], [user]);
    await connection.close();
  }

  async #allow(user: string, topic: string, operations: readonly Operation[]): Promise<void> {
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

  /** A broker learns of users and permissions a moment after the controller has stored them. */
  async #untilAllowed(login: Login, topic: string, operations: readonly Operation[]): Promise<void> {
    const wanted = operations.reduce((bits, operation) => bits | (1 << AclOperations[operation]), 0);
    await waitFor("the broker to know of the permissions", async () => {
      const allowed = await this.#allowedOperations(login, topic).catch(() => 0);
      return (allowed & wanted) === wanted;
    });
  }

  async #allowedOperations({ username, password, ...login }: Login, topic: string): Promise<number> {
    const sasl = { mechanism: mechanisms[login.mechanism], username, password };
    const connection = new Connection("test-user", { tls: { ca: this.#server.facts.ca }, sasl });
    connection.on("error", () => {});
    try {
      await connection.connect(host, this.#server.ports.direct as number);
      const answer = await metadataV12.api
        .async(connection, [topic], false, true)
        .catch(({ response }) => response as Awaited<ReturnType<typeof metadataV12.api.async>>);
      return answer.topics[0]?.topicAuthorizedOperations ?? 0;
    } finally {
      await connection.close();
    }
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

  /** Resolves when the broker knows that it is gone: until then it takes messages, which go with the topic. */
  async deleteTopic(topic: string): Promise<void> {
    await this.#admin.deleteTopics({ topics: [topic] });
    await waitFor(`topic ${topic} to be gone`, async () => !(await this.topics()).includes(topic));
  }

  /**
   * All messages of the topic, partition by partition; none where there is no topic. A topic that was just made has no
   * partitions or no leader for a moment, or is known by its former id: it is read again then.
   */
  read(topic: string): Promise<KafkaMessage[]> {
    let refusal: unknown = null;
    return waitFor(`topic ${topic} to be read`, async () => {
      try {
        return await this.#readNow(topic);
      } catch (error) {
        refusal = error;
        return null;
      }
    }).catch((cause: Error) => {
      throw refusal ?? cause;
    });
  }

  async #readNow(topic: string): Promise<KafkaMessage[]> {
    if (!(await this.topics()).includes(topic)) return [];
    const { topics } = await this.#consumer.metadata({ topics: [topic], forceUpdate: true });
    const partitions = topics.get(topic)?.partitions ?? [];
    if (partitions.length === 0) throw new Error(`topic ${topic} has no partitions yet`);
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
      if (found === undefined) throw new Error(`partition ${partition} was not answered`);
      messages.push(...messagesOf(partition, found.records ?? []));
      const last = messages.at(-1)?.offset ?? -1n;
      if (last + 1n >= found.highWatermark) return messages;
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
    value: value?.toString("utf8") ?? "",
    headers: Object.fromEntries(texts),
  };
}
