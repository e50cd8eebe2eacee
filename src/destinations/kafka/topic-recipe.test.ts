/** The README's commands for a topic with room for large events, run with Kafka's own tools. */
import { randomUUID } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type KafkaFacts, recipe, runTool } from "../../../test/servers/kafka.ts";
import { isUnavailable, type RunningServer, useServer } from "../../../test/servers/server.ts";
import { deadline, openGuard } from "../conformance/bench.ts";
import { dataEvent } from "../conformance/events.ts";
import { parseSettings } from "../settings.ts";
import { KafkaAdmin } from "./admin.fixture.ts";
import kafka from "./index.ts";

const readme = await readFile(path.join(import.meta.dirname, "README.md"), "utf8");
const [create = "", alter = ""] = [...readme.matchAll(/```sh\n(kafka-(?:topics|configs)\.sh.*?)```/gs)].map(
  ([, command]) => command,
);
const limit = 10_485_760;
const toolMs = 240_000;

const found = await useServer(recipe);

describe.skipIf(isUnavailable(found))("the README's topic", () => {
  const { ports, facts, directory } = found as RunningServer<KafkaFacts>;
  const topics: string[] = [];
  let admin: KafkaAdmin;
  beforeAll(() => {
    admin = new KafkaAdmin(found as RunningServer<KafkaFacts>);
  });
  afterAll(async () => {
    for (const topic of topics) await admin.deleteTopic(topic);
    await admin.close();
  });

  const newTopic = (): string => {
    const topic = `recipe-${randomUUID()}`;
    topics.push(topic);
    return topic;
  };

  /** The commands as printed, except the cluster's address, the topic's name and the replicas of a single broker. */
  async function run(command: string, topic: string): Promise<void> {
    const properties = path.join(directory, "admin.properties");
    await writeFile(properties, "");
    const [tool, ...args] = command
      .replace("broker:9092", `127.0.0.1:${ports.admin}`)
      .replace("admin.properties", properties)
      .replace("terra-events", topic)
      .replace("--replication-factor 3", "--replication-factor 1")
      .split(/[\s\\]+/)
      .filter(Boolean);
    await runTool(facts.jars, tool as Parameters<typeof runTool>[1], args);
  }

  async function deliverLarge(topic: string, settings: Record<string, unknown>): Promise<string> {
    const base = { brokers: `127.0.0.1:${ports.admin}`, mechanism: "none", tls: false, topic };
    const sender = kafka.connect(parseSettings(kafka, { ...base, ...settings }), openGuard);
    const large = dataEvent("activity", [{ members: `"padding": "${"x".repeat(limit - 4_096)}"` }]);
    try {
      await sender.deliver(large, deadline());
    } finally {
      await sender.close();
    }
    const [message] = await admin.read(topic);
    return message?.value === String(large.body) ? "whole" : "link";
  }

  it("made as it says has its partitions and takes an event of ten megabytes whole", {
    timeout: toolMs,
  }, async () => {
    const topic = newTopic();
    await run(create, topic);
    expect(await deliverLarge(topic, { max_message_bytes: limit })).toBe("whole");
    const described = await runTool(facts.jars, "kafka-topics.sh", [
      ...["--bootstrap-server", `127.0.0.1:${ports.admin}`],
      ...["--describe", "--topic", topic],
    ]);
    expect(described).toMatch(/PartitionCount: 6\b.*max\.message\.bytes=10485760/);
  });

  it("that is there already takes it when it is changed as it says, and not before", {
    timeout: toolMs,
  }, async () => {
    const [before, after] = [newTopic(), newTopic()];
    for (const topic of [before, after]) await admin.createTopic(topic);
    expect(await deliverLarge(before, {})).toBe("link");
    await run(alter, after);
    expect(await deliverLarge(after, {})).toBe("whole");
  });
});
