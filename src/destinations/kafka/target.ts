/** A real Kafka, for the conformance suite: each place is a topic and a user who may write to it. */
import { randomUUID } from "node:crypto";
import { recipe } from "../../../test/servers/kafka.ts";
import { isUnavailable, type Unavailable, useServer } from "../../../test/servers/server.ts";
import type { Address, Arrival, Place, Settings, Target, TargetBehaviour } from "../conformance/target.ts";
import { type Grants, KafkaAdmin, type KafkaMessage, type Operation } from "./admin.fixture.ts";

export const behaviour: TargetBehaviour = {
  kind: "kafka",
  keeps: "all",
  exact: "bytes",
  holds: "event",
  // A response of two gigabytes.
  endless: { begins: Buffer.from([0x7f, 0xff, 0xff, 0xff]), settings: { tls: false } },
  oversizeBytes: 1_048_588,
  fitsBytes: 1_047_800,
};

/** The least permissions where the topic may have to be made, as in README.md. */
export const leastGrant: readonly Operation[] = ["WRITE", "CREATE"];

export async function startTarget(): Promise<Target | Unavailable> {
  const server = await useServer(recipe);
  if (isUnavailable(server)) return server;
  const { host, ports, facts } = server;
  const admin = new KafkaAdmin(server);
  return {
    server: server.version,
    address: { host, port: ports.sasl as number },
    proxyPort: ports.advertised as number,
    open: (reached) => openPlace(admin, reached, facts.ca),
    restart: () => server.restart(),
    close: () => admin.close(),
  };
}

async function openPlace(admin: KafkaAdmin, reached: Address, ca: string): Promise<Place> {
  const topic = `events-${randomUUID()}`;
  const base = { brokers: `${reached.host}:${reached.port}`, ca, topic };
  const user = async (grants: Grants): Promise<Settings> => ({
    ...base,
    ...(await admin.newUser("scram-sha-512", grants)),
  });
  const settings = await user({ [topic]: leastGrant });
  const [made, missing] = [`${topic}-made`, `${topic}-missing`];
  await admin.createTopic(made);
  return {
    settings,
    arrivals: async () => (await admin.read(topic)).map(arrivalOf),
    wrongCredentials: { ...settings, password: randomUUID() },
    lacking: {
      [`WRITE on topic ${made}`]: { ...(await user({ [made]: ["CREATE", "DESCRIBE"] })), topic: made },
      [`CREATE on topic ${missing}`]: { ...(await user({ [missing]: ["WRITE"] })), topic: missing },
    },
    drop: () => admin.deleteTopic(topic),
    // Too large for any message, and for the link form as well.
    poison: (event) => ({ ...event, referenceId: "x".repeat(behaviour.oversizeBytes ?? 0) }),
    close: async () => {
      const there = new Set(await admin.topics());
      for (const one of [topic, made]) if (there.has(one)) await admin.deleteTopic(one);
    },
  };
}

const arrivalOf = ({ headers, value }: KafkaMessage): Arrival => ({
  eventId: headers.event_id ?? "",
  revision: headers.revision === undefined ? null : Number(headers.revision),
  json: value,
});
