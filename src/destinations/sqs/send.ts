/** Sends a batch of events, in requests of the size that SQS takes, and returns the outcome of each event. */
import type { BatchedDelivery, DeliveryError, OutgoingEvent } from "../destination.ts";
import { chunksOf, sendSplitting } from "../kit/chunks.ts";
import { failure } from "../kit/failure.ts";
import { type OrderedGroup, sendInOrder } from "../kit/in-order.ts";
import { fittingMessage, sendMessages } from "../kit/messages.ts";
import {
  blamesMessage,
  deliveryError,
  failureOf,
  limitIn,
  type Refusal,
  refusalOf,
  refusalOfEntry,
} from "./failure.ts";
import type { Limit } from "./limit.ts";
import { messageOf, type SqsMessage } from "./message.ts";
import type { Queue } from "./queue.ts";
import type { Settings } from "./settings.ts";

export const requestLimits = { count: 10, bytes: 1_048_576 } as const;

export interface QueueTarget {
  readonly settings: Settings;
  readonly queue: Queue;
  readonly limit: Limit;
}

/** Returns the outcome of each event. @throws DeliveryError that all events have in common */
export async function sendEvents(
  events: readonly OutgoingEvent[],
  target: QueueTarget,
  signal: AbortSignal,
): Promise<BatchedDelivery[]> {
  const { settings, limit } = target;
  const most = await limit.bytes(signal);
  const outcomes = await sendMessages<SqsMessage>(events, {
    make: (event) => fittingMessage(event, (given) => messageOf(given, settings), most, signal),
    send: (messages) => sendInOrder(byGroup(messages), (groups) => sendRound(groups, target, signal)),
    failureOf: (thrown) => failureOf(thrown, "sqs:SendMessage", signal),
  });
  return events.map((event) => outcomes.get(event) as BatchedDelivery);
}

/** A FIFO queue keeps the order in a group; where there are no groups, every message is on its own. */
function byGroup(messages: readonly SqsMessage[]): OrderedGroup<SqsMessage>[] {
  const groups = Map.groupBy(messages, (message) => message.entry.MessageGroupId ?? message);
  return [...groups.values()].map((group) => ({ pieces: group.map((message) => [message]) }));
}

/** Sends the first message of each group, in as few requests as SQS allows. */
async function sendRound(
  groups: readonly OrderedGroup<SqsMessage>[],
  target: QueueTarget,
  signal: AbortSignal,
): Promise<BatchedDelivery[][]> {
  const firsts = groups.map(({ pieces }) => pieces[0]?.[0] as SqsMessage);
  const requests = chunksOf(firsts, { ...requestLimits, sizeOf: ({ bytes }) => bytes });
  const outcomes = await Promise.all(
    requests.map((some) => sendSplitting(some, (messages) => request(messages, target, signal))),
  );
  return outcomes.flat().map((outcome) => [outcome]);
}

/** Sends one request; "split" where a server refuses all of it and one entry may be the cause. */
async function request(
  messages: readonly SqsMessage[],
  target: QueueTarget,
  signal: AbortSignal,
): Promise<BatchedDelivery[] | "split"> {
  try {
    const entries = messages.map(({ entry }, index) => ({ ...entry, Id: String(index) }));
    const { Successful = [], Failed = [] } = await target.queue.send(entries, signal);
    const taken = new Map(
      Successful.map((entry) => [entry.Id, { status: 200, response: entry.MessageId ?? "" }]),
    );
    const refused = new Map(Failed.map((entry) => [entry.Id, refusalOfEntry(entry)]));
    return messages.map((message, index) => {
      const id = String(index);
      return taken.get(id) ?? refusal(refused.get(id) ?? unanswered, message, target);
    });
  } catch (error) {
    const refused = refusalOf(error);
    if (refused === null || !blamesMessage(refused)) {
      return messages.map(() => failureOf(error, "sqs:SendMessage", signal));
    }
    return messages.length > 1 ? "split" : messages.map((message) => refusal(refused, message, target));
  }
}

const unanswered = { code: "", message: "the queue did not answer for this entry" };

function refusal(refused: Refusal, { bytes }: SqsMessage, { limit }: QueueTarget): DeliveryError {
  const named = limitIn(refused);
  if (named === null) return deliveryError(refused, "sqs:SendMessage");
  const reason = refused.message;
  if (bytes <= named) return failure("DELIVERY_TOO_LARGE", reason);
  // The limit was lowered or could not be read: the next attempt uses the one that was named.
  limit.learn(named);
  return failure("DELIVERY_FAILED", reason);
}
