/** The topic as it is now: the leader of each partition, and the largest batch. */

import { setTimeout as pause } from "node:timers/promises";
import type { SenderContext } from "../destination.ts";
import { failure } from "../kit/failure.ts";
import { type Broker, openBrokers } from "./brokers.ts";
import { permissionMissing } from "./failure.ts";
import { createTopic, findTopic, readMessageLimit, type TopicFound } from "./requests.ts";
import { type Address, bootstrapBrokers, type Settings } from "./settings.ts";

/** Facts about the topic, which are believed for a while. */
export interface Topic {
  readonly leaders: readonly (Address | null)[];
  /** The largest batch it takes, in bytes. */
  readonly limit: number;
}

export interface Cluster {
  /** Returns the topic, asked for again when that is old; a missing topic is made. @throws DeliveryError */
  topic(): Promise<Topic>;
  /** Forgets the topic, which has changed. */
  forget(): void;
  /** Returns a broker that can be asked about the cluster. @throws DeliveryError */
  any(): Promise<Broker>;
  connect(address: Address): Promise<Broker>;
  close(): Promise<void>;
}

const believedMs = 60_000;
/** Kafka's default (`message.max.bytes`), for a topic whose limit cannot be read. */
const defaultLimit = 1_048_588;
/** Waiting for the leaders of a topic that was just made. */
const leaderWait = { attempts: 20, pauseMs: 150 };

export function openCluster(settings: Settings, context: SenderContext): Cluster {
  const brokers = openBrokers(settings, context);
  let known: { readonly topic: Promise<Topic>; readonly until: number } | null = null;
  const any = (): Promise<Broker> => firstThatAnswers(bootstrapBrokers(settings), brokers.connect);
  const forget = (): void => {
    known = null;
  };
  return {
    topic() {
      if (known !== null && known.until > Date.now()) return known.topic;
      const topic = learn(settings, any, brokers.connect);
      known = { topic, until: Date.now() + believedMs };
      topic.catch(() => {
        if (known?.topic === topic) forget();
      });
      return topic;
    },
    forget,
    any,
    connect: brokers.connect,
    close: brokers.close,
  };
}

async function firstThatAnswers(addresses: readonly Address[], connect: Cluster["connect"]): Promise<Broker> {
  let failure: unknown;
  for (const address of addresses) {
    try {
      return await connect(address);
    } catch (error) {
      failure ??= error;
    }
  }
  throw failure;
}

async function learn(settings: Settings, any: Cluster["any"], connect: Cluster["connect"]): Promise<Topic> {
  const broker = await any();
  const found = await findTopic(broker, settings.topic);
  if (found.error === "UNKNOWN_TOPIC_OR_PARTITION") {
    await make(settings.topic, found.controller === null ? broker : await connect(found.controller));
  }
  const { leaders } = await untilLed(broker, settings.topic, found);
  const limit = settings.max_message_bytes ?? (await readMessageLimit(broker, settings.topic));
  return { leaders, limit: limit ?? defaultLimit };
}

async function make(topic: string, controller: Broker): Promise<void> {
  const { error, message } = await createTopic(controller, topic, { validateOnly: false });
  if (error === "NONE" || error === "TOPIC_ALREADY_EXISTS") return;
  throw cannotBeMade(topic, error, message);
}

export function cannotBeMade(topic: string, error: string, message: string): Error {
  if (notAllowed.has(error)) return permissionMissing("CREATE", topic);
  return failure("DESTINATION_TARGET_MISSING", `topic ${topic}: ${message}`);
}
const notAllowed = new Set(["TOPIC_AUTHORIZATION_FAILED", "CLUSTER_AUTHORIZATION_FAILED"]);

async function untilLed(broker: Broker, topic: string, first: TopicFound): Promise<TopicFound> {
  let found = first;
  for (let attempt = 0; attempt < leaderWait.attempts; attempt++) {
    if (notAllowed.has(found.error)) throw permissionMissing("WRITE", topic);
    if (found.error === "NONE" && found.leaders.some((leader) => leader !== null)) return found;
    if (!passing.has(found.error)) break;
    await pause(leaderWait.pauseMs);
    found = await findTopic(broker, topic);
  }
  throw failure("DESTINATION_TARGET_MISSING", `topic ${topic}: ${found.error}`);
}
const passing = new Set(["NONE", "UNKNOWN_TOPIC_OR_PARTITION", "LEADER_NOT_AVAILABLE"]);
