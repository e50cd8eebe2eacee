/** Sends a batch of messages, in rounds with one request to each leader, and returns the outcome of each. */
import { setTimeout as pause } from "node:timers/promises";
import type { MessageRecord } from "@platformatic/kafka";
import { type BatchedDelivery, DeliveryError, type OutgoingEvent } from "../destination.ts";
import { untilAborted } from "../kit/abort.ts";
import { chunksOf } from "../kit/chunks.ts";
import { failure } from "../kit/failure.ts";
import { type OrderedGroup, type PieceOutcome, sendInOrder } from "../kit/in-order.ts";
import { fittingMessage, sendMessages } from "../kit/messages.ts";
import type { Cluster, Topic } from "./cluster.ts";
import { failureOf, permissionMissing } from "./failure.ts";
import { batchOverhead, type KafkaMessage, messageOf } from "./message.ts";
import { partitionOf } from "./partition.ts";
import { type PartitionAnswer, produce } from "./requests.ts";
import type { Address, Settings } from "./settings.ts";

type Outcomes = Map<OutgoingEvent, BatchedDelivery>;

interface Round {
  readonly cluster: Cluster;
  readonly settings: Settings;
  readonly signal: AbortSignal;
  /** Errors after which nothing was written and asking for the topic again may help. */
  readonly outdated: ReadonlySet<string>;
  /** The failures made of those errors. */
  readonly outdatedFailures: Set<unknown>;
}

interface PartitionGroup extends OrderedGroup<KafkaMessage> {
  readonly partition: number;
  readonly leader: Address | null;
}

/** Errors of a batch that one message may have caused. */
const causedByMessage = new Set([
  "MESSAGE_TOO_LARGE",
  "RECORD_LIST_TOO_LARGE",
  "INVALID_RECORD",
  "INVALID_TIMESTAMP",
  "UNSUPPORTED_FOR_MESSAGE_FORMAT",
]);
const tooLarge = new Set(["MESSAGE_TOO_LARGE", "RECORD_LIST_TOO_LARGE"]);

/** The topic was made, deleted or moved to another broker, and not every broker knows yet. */
const outdated: ReadonlySet<string> = new Set([
  "UNKNOWN_TOPIC_OR_PARTITION",
  "NOT_LEADER_OR_FOLLOWER",
  "LEADER_NOT_AVAILABLE",
  "FENCED_LEADER_EPOCH",
  "UNKNOWN_LEADER_EPOCH",
]);
/** A size limit is outdated only at first: afterwards it has just been asked for. */
const outdatedAtFirst = new Set([...outdated, ...tooLarge]);
const lookAgainMs = [0, 150, 450];

/** Sends nothing more when the signal is aborted. @throws DeliveryError that all events have in common */
export async function sendEvents(
  events: readonly OutgoingEvent[],
  cluster: Cluster,
  settings: Settings,
  signal: AbortSignal,
): Promise<BatchedDelivery[]> {
  const round = { cluster, settings, signal, outdated: outdatedAtFirst, outdatedFailures: new Set() };
  const outcomes = await attempt(events, round);
  for (const pauseMs of lookAgainMs) {
    const again = events.filter((event) => round.outdatedFailures.has(outcomes.get(event)));
    if (again.length === 0) break;
    const next = await attemptAgain(again, { ...round, outdated }, pauseMs);
    for (const [event, outcome] of next) outcomes.set(event, outcome);
  }
  return events.map((event) => outcomes.get(event) as BatchedDelivery);
}

/** Some events may have been taken by now, so that an error becomes the outcome of each of these. */
async function attemptAgain(
  events: readonly OutgoingEvent[],
  round: Round,
  pauseMs: number,
): Promise<Outcomes> {
  round.cluster.forget();
  try {
    await untilAborted(() => pause(pauseMs), round.signal);
    return await attempt(events, round);
  } catch (error) {
    return new Map(events.map((event) => [event, failureOf(error)]));
  }
}

/** @throws DeliveryError */
async function attempt(events: readonly OutgoingEvent[], round: Round): Promise<Outcomes> {
  const { cluster, settings, signal } = round;
  const topic = await untilAborted(() => cluster.topic(), signal);
  const most = topic.limit - batchOverhead;
  return sendMessages<KafkaMessage>(events, {
    make: (event) => fittingMessage(event, (given) => messageOf(given, settings.topic), most, signal),
    send: (messages) =>
      sendInOrder<KafkaMessage, PartitionGroup>(byPartition(messages, topic.leaders, most), (groups) =>
        sendRound(groups, round),
      ),
    failureOf,
  });
}

/** A group for each partition, in pieces that the topic takes as one batch. */
function byPartition(
  messages: readonly KafkaMessage[],
  leaders: Topic["leaders"],
  most: number,
): PartitionGroup[] {
  const partitions = Map.groupBy(messages, ({ key }) => partitionOf(key, leaders.length));
  return [...partitions].map(([partition, some]) => ({
    partition,
    leader: leaders[partition] ?? null,
    pieces: chunksOf(some, { bytes: most, sizeOf: ({ bytes }) => bytes }),
  }));
}

/** Sends the first piece of each group, with one request to each leader. */
async function sendRound(groups: readonly PartitionGroup[], round: Round): Promise<PieceOutcome[]> {
  const leaders = Map.groupBy(groups, ({ leader }) =>
    leader === null ? "" : `${leader.host}:${leader.port}`,
  );
  const outcomes = new Map<PartitionGroup, PieceOutcome>();
  await Promise.all(
    [...leaders.values()].map(async (led) => {
      const answers = await askLeader(led, round);
      for (const group of led) outcomes.set(group, outcomeOf(group, answers, round));
    }),
  );
  return groups.map((group) => outcomes.get(group) ?? []);
}

async function askLeader(
  groups: readonly PartitionGroup[],
  { cluster, settings, signal, outdatedFailures }: Round,
): Promise<readonly PartitionAnswer[] | DeliveryError> {
  try {
    const leader = groups[0]?.leader ?? null;
    if (leader === null) return remembered(failure("DELIVERY_FAILED", "no leader"), outdatedFailures);
    const broker = await untilAborted(() => cluster.connect(leader), signal);
    return await untilAborted(() => produce(broker, records(groups), settings.compression), signal);
  } catch (error) {
    // Another broker may lead the partition by now; the next delivery asks.
    cluster.forget();
    return failureOf(error);
  }
}

const records = (groups: readonly PartitionGroup[]): MessageRecord[] =>
  groups.flatMap(({ partition, pieces: [first = []] }) =>
    first.map(({ record }) => ({ ...record, partition })),
  );

function outcomeOf(
  { partition, pieces: [piece = []] }: PartitionGroup,
  answers: readonly PartitionAnswer[] | DeliveryError,
  { settings: { topic }, outdated, outdatedFailures }: Round,
): PieceOutcome {
  if (answers instanceof DeliveryError) return piece.map(() => answers);
  const { error, message, firstOffset } = answers.find((one) => one.partition === partition) ?? unanswered;
  if (error === "NONE") {
    return piece.map((_, index) => ({ response: `${topic}-${partition}@${firstOffset + BigInt(index)}` }));
  }
  if (causedByMessage.has(error) && piece.length > 1) return "split";
  const failed = failureOfPiece(error, message ?? error, topic);
  if (outdated.has(error)) remembered(failed, outdatedFailures);
  return piece.map(() => failed);
}

const unanswered = {
  error: "UNKNOWN_SERVER_ERROR",
  message: "the broker did not answer for the partition",
  firstOffset: 0n,
};

function failureOfPiece(error: string, message: string, topic: string): DeliveryError {
  if (error === "TOPIC_AUTHORIZATION_FAILED") return permissionMissing("WRITE", topic);
  if (tooLarge.has(error)) return failure("DELIVERY_TOO_LARGE", message);
  if (causedByMessage.has(error)) return failure("DELIVERY_REJECTED", message);
  return failure("DELIVERY_FAILED", message);
}

function remembered(failure: DeliveryError, failures: Set<unknown>): DeliveryError {
  failures.add(failure);
  return failure;
}
