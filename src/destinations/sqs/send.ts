/** A batch of events on its way, in requests of what SQS takes at once, and what became of each event. */
import { type BatchedDelivery, DeliveryError, type OutgoingEvent } from "../destination.ts";
import { type Lane, sendInLanes } from "../kit/in-order.ts";
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
import { fittingMessage, type Message } from "./message.ts";
import type { Queue } from "./queue.ts";
import type { Settings } from "./settings.ts";

export const requestLimits = { entries: 10, bytes: 1_048_576 } as const;

export interface Way {
  readonly settings: Settings;
  readonly queue: Queue;
  readonly limit: Limit;
}

/** Throws what befell all alike. @throws DeliveryError */
export async function sendEvents(
  events: readonly OutgoingEvent[],
  way: Way,
  signal: AbortSignal,
): Promise<BatchedDelivery[]> {
  const most = await way.limit.bytes(signal);
  const outcomes = new Map<OutgoingEvent, BatchedDelivery>();
  const messages: Message[] = [];
  for (const event of events) {
    try {
      messages.push(await fittingMessage(event, way.settings, most, signal));
    } catch (error) {
      outcomes.set(event, failureOf(error, "sqs:SendMessage", signal));
    }
  }
  const sent = await sendInLanes<Message, Lane<Message>>(inLanes(messages), async (lanes) => {
    const firsts = lanes.map(({ pieces }) => pieces[0]?.[0] as Message);
    const answers = await Promise.all(inRequests(firsts).map((some) => request(some, way, signal)));
    return answers.flat().map((outcome) => [outcome]);
  });
  for (const [{ event }, outcome] of sent) outcomes.set(event, outcome);
  return events.map((event) => outcomes.get(event) as BatchedDelivery);
}

/** A FIFO queue keeps the order in a group; where there are no groups, every message is on its own. */
function inLanes(messages: readonly Message[]): Lane<Message>[] {
  const lanes = Map.groupBy(messages, (message) => message.entry.MessageGroupId ?? message);
  return [...lanes.values()].map((lane) => ({ pieces: lane.map((message) => [message]) }));
}

function inRequests(messages: readonly Message[]): Message[][] {
  const requests: Message[][] = [];
  let [entries, bytes] = [0, 0];
  for (const message of messages) {
    if (entries === 0 || message.bytes > bytes) {
      requests.push([]);
      [entries, bytes] = [requestLimits.entries, requestLimits.bytes];
    }
    requests.at(-1)?.push(message);
    entries -= 1;
    bytes -= message.bytes;
  }
  return requests;
}

async function request(
  messages: readonly Message[],
  way: Way,
  signal: AbortSignal,
): Promise<BatchedDelivery[]> {
  try {
    const entries = messages.map(({ entry }, index) => ({ ...entry, Id: String(index) }));
    const { Successful = [], Failed = [] } = await way.queue.send(entries, signal);
    const taken = new Map(
      Successful.map((entry) => [entry.Id, { status: 200, response: entry.MessageId ?? "" }]),
    );
    const refused = new Map(Failed.map((entry) => [entry.Id, refusalOfEntry(entry)]));
    return messages.map((message, index) => {
      const id = String(index);
      return taken.get(id) ?? refusal(refused.get(id) ?? unanswered, message, way);
    });
  } catch (error) {
    const refused = refusalOf(error);
    if (refused === null || !blamesMessage(refused)) {
      return messages.map(() => failureOf(error, "sqs:SendMessage", signal));
    }
    // Some servers refuse the whole request for one entry's sake.
    if (messages.length > 1) return oneByOne(messages, way, signal);
    return messages.map((message) => refusal(refused, message, way));
  }
}

const unanswered = { code: "", message: "the queue said nothing of this entry" };

async function oneByOne(
  messages: readonly Message[],
  way: Way,
  signal: AbortSignal,
): Promise<BatchedDelivery[]> {
  const outcomes: BatchedDelivery[] = [];
  for (const message of messages) outcomes.push(...(await request([message], way, signal)));
  return outcomes;
}

function refusal(refused: Refusal, { bytes }: Message, { limit }: Way): DeliveryError {
  const named = limitIn(refused);
  if (named === null) return deliveryError(refused, "sqs:SendMessage");
  const reason = refused.message;
  if (bytes <= named) return new DeliveryError("DELIVERY_TOO_LARGE", "never", {}, { reason });
  // It was lowered, or we were not told: the next attempt knows.
  limit.learn(named);
  return new DeliveryError("DELIVERY_FAILED", "later", {}, { reason });
}
