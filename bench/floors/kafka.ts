/** @platformatic/kafka: a message for each event, acknowledged by all replicas. */
import { Buffer } from "node:buffer";
import { randomUUID } from "node:crypto";
import { Admin, ProduceAcks, Producer } from "@platformatic/kafka";
import type { OpenFloor } from "./floor.ts";

interface Settings {
  readonly brokers: string;
  readonly topic: string;
  readonly mechanism: "scram-sha-512";
  readonly username: string;
  readonly password: string;
  readonly ca: string;
}

export const open: OpenFloor<Settings> = async ({ brokers, topic, ca, username, password }) => {
  const options: ConstructorParameters<typeof Admin>[0] = {
    clientId: "floor",
    bootstrapBrokers: [brokers],
    tls: { ca },
    sasl: { mechanism: "SCRAM-SHA-512", username, password },
  };
  const admin = new Admin(options);
  await admin.createTopics({ topics: [topic], partitions: -1, replicas: -1 });
  await admin.close();
  const producer = new Producer({ ...options, acks: ProduceAcks.ALL });
  return {
    async carry(value) {
      await producer.send({ messages: [{ topic, key: Buffer.from(randomUUID()), value }] });
    },
    close: () => producer.close(),
  };
};
