/** A batch of messages on its way: a request to each leader, in rounds, and what became of each message. */
import { setTimeout as pause } from "node:timers/promises";
import type { MessageRecord } from "@platformatic/kafka";
import { type BatchedDelivery, DeliveryError, type OutgoingEvent } from "../destination.ts";
import { type Lane, sendInLanes, type Verdict } from "../kit/in-order.ts";
import { orAborted } from "./abort.ts";
import type { Cluster, Topic } from "./cluster.ts";
import { failureOf, later, permissionMissing } from "./failure.ts";
import { batchOverhead, fittingMessage, type Message } from "./message.ts";
import { partitionOf } from "./partition.ts";
import { type PartitionAnswer, produce } from "./requests.ts";
import type { Address, Settings } from "./settings.ts";

type Outcomes = Map<OutgoingEvent, BatchedDelivery>;

interface Round {
  readonly cluster: Cluster;
  readonly settings: Settings;
  readonly signal: AbortSignal;
  /** Errors by which nothing was written and looking at the topic again may help. */
  readonly outdated: ReadonlySet<string>;
  /** The failures that came of them. */
  readonly outdatedFailures: Set<unknown>;
}

interface PartitionLane extends Lane<Message> {
  readonly partition: number;
  readonly leader: Address | null;
}

/** Errors of a batch that may be one message's fault. */
const poisonous = new Set([
  "MESSAGE_TOO_LARGE",
  "RECORD_LIST_TOO_LARGE",
  "INVALID_RECORD",
  "INVALID_TIMESTAMP",
  "UNSUPPORTED_FOR_MESSAGE_FORMAT",
]);
const tooLarge = new Set(["MESSAGE_TOO_LARGE", "RECORD_LIST_TOO_LARGE"]);

/** The topic was made, deleted or moved to another broker, and not everybody knows yet. */
const outdated: ReadonlySet<string> = new Set([
  "UNKNOWN_TOPIC_OR_PARTITION",
  "NOT_LEADER_OR_FOLLOWER",
  "LEADER_NOT_AVAILABLE",
  "FENCED_LEADER_EPOCH",
  "UNKNOWN_LEADER_EPOCH",
]);
/** The limit is what we believe it is when we have just asked. */
const outdatedAtFirst = new Set([...outdated, ...tooLarge]);
const lookAgainMs = [0, 150, 450];

/** Throws what befell all alike. Nothing more is sent when the signal is aborted. @throws DeliveryError */
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

/** By now some may have been taken, so that nothing befalls all alike. */
async function attemptAgain(
  events: readonly OutgoingEvent[],
  round: Round,
  pauseMs: number,
): Promise<Outcomes> {
  round.cluster.forget();
  try {
    await orAborted(() => pause(pauseMs), round.signal);
    return await attempt(events, round);
  } catch (error) {
    return new Map(events.map((event) => [event, failureOf(error)]));
  }
}

/** @throws DeliveryError */
async function attempt(events: readonly OutgoingEvent[], round: Round): Promise<Outcomes> {
  const { cluster, signal } = round;
  const topic = await orAborted(() => cluster.topic(), signal);
  const outcomes: Outcomes = new Map();
  const messages: Message[] = [];
  for (const event of events) {
    try {
      messages.push(await fittingMessage(event, round.settings.topic, topic.limit, signal));
    } catch (error) {
      outcomes.set(event, failureOf(error));
    }
  }
  const sent = await sendInLanes<Message, PartitionLane>(inLanes(messages, topic), (lanes) =>
    sendRound(lanes, round),
  );
  for (const [{ event }, outcome] of sent) outcomes.set(event, outcome);
  return outcomes;
}

/** A lane for each partition, in pieces that the topic takes as one batch. */
function inLanes(messages: readonly Message[], { leaders, limit }: Topic): PartitionLane[] {
  const partitions = Map.groupBy(messages, ({ key }) => partitionOf(key, leaders.length));
  return [...partitions].map(([partition, some]) => ({
    partition,
    leader: leaders[partition] ?? null,
    pieces: inPieces(some, limit - batchOverhead),
  }));
}

function inPieces(messages: readonly Message[], most: number): Message[][] {
  const pieces: Message[][] = [];
  let room = 0;
  for (const message of messages) {
    if (message.bytes > room || pieces.length === 0) {
      pieces.push([]);
      room = most;
    }
    pieces.at(-1)?.push(message);
    room -= message.bytes;
  }
  return pieces;
}

/** The first piece of each lane, with one request to each leader. */
async function sendRound(lanes: readonly PartitionLane[], round: Round): Promise<Verdict[]> {
  const leaders = Map.groupBy(lanes, ({ leader }) =>
    leader === null ? "" : `${leader.host}:${leader.port}`,
  );
  const verdicts = new Map<PartitionLane, Verdict>();
  await Promise.all(
    [...leaders.values()].map(async (led) => {
      const answers = await askLeader(led, round);
      for (const lane of led) verdicts.set(lane, judge(lane, answers, round));
    }),
  );
  return lanes.map((lane) => verdicts.get(lane) ?? []);
}

async function askLeader(
  lanes: readonly PartitionLane[],
  { cluster, settings, signal, outdatedFailures }: Round,
): Promise<readonly PartitionAnswer[] | DeliveryError> {
  try {
    const leader = lanes[0]?.leader ?? null;
    if (leader === null) return remembered(later("DELIVERY_FAILED", "no leader"), outdatedFailures);
    const broker = await orAborted(() => cluster.connect(leader), signal);
    return await orAborted(() => produce(broker, records(lanes), settings.compression), signal);
  } catch (error) {
    // Another broker may lead the partition by now; the next delivery looks.
    cluster.forget();
    return failureOf(error);
  }
}

const records = (lanes: readonly PartitionLane[]): MessageRecord[] =>
  lanes.flatMap(({ partition, pieces: [first = []] }) =>
    first.map(({ record }) => ({ ...record, partition })),
  );

function judge(
  { partition, pieces: [piece = []] }: PartitionLane,
  answers: readonly PartitionAnswer[] | DeliveryError,
  { settings: { topic }, outdated, outdatedFailures }: Round,
): Verdict {
  if (answers instanceof DeliveryError) return piece.map(() => answers);
  const { error, message, firstOffset } = answers.find((one) => one.partition === partition) ?? unanswered;
  if (error === "NONE") {
    return piece.map((_, index) => ({ response: `${topic}-${partition}@${firstOffset + BigInt(index)}` }));
  }
  if (poisonous.has(error) && piece.length > 1) return "split";
  const failure = failureOfPiece(error, message ?? error, topic);
  if (outdated.has(error)) remembered(failure, outdatedFailures);
  return piece.map(() => failure);
}

const unanswered = { error: "UNKNOWN_SERVER_ERROR", message: "the broker said nothing", firstOffset: 0n };

function failureOfPiece(error: string, message: string, topic: string): DeliveryError {
  if (error === "TOPIC_AUTHORIZATION_FAILED") return permissionMissing("WRITE", topic);
  if (tooLarge.has(error)) return new DeliveryError("DELIVERY_TOO_LARGE", "never", {}, { reason: message });
  if (poisonous.has(error)) return new DeliveryError("DELIVERY_REJECTED", "never", {}, { reason: message });
  return later("DELIVERY_FAILED", message);
}

function remembered(failure: DeliveryError, failures: Set<unknown>): DeliveryError {
  failures.add(failure);
  return failure;
}
