/** Events as messages of a queue or topic, for kinds whose target keeps the order of a group of messages. */
import type { BatchedDelivery, OutgoingEvent, SentRequest } from "../destination.ts";
import { linkForm } from "../link.ts";
import { failure } from "./failure.ts";

export interface Message {
  /** The event as it was given, in whatever form it is sent. */
  readonly event: OutgoingEvent;
  /** Its size as the target counts it. */
  readonly bytes: number;
  readonly sent: SentRequest;
}

/** The message of an event, in its link form where it is larger than the target takes. @throws DeliveryError */
export async function fittingMessage<Made extends Message>(
  event: OutgoingEvent,
  make: (event: OutgoingEvent) => Made,
  limit: number,
  signal: AbortSignal,
): Promise<Made> {
  const whole = make(event);
  if (whole.bytes <= limit) return whole;
  const linked = make(await linkForm(event, signal));
  if (linked.bytes <= limit) return { ...linked, event };
  throw failure("DELIVERY_TOO_LARGE", `${linked.bytes} bytes, and the target takes ${limit}`);
}

export interface MessageCalls<Made extends Message> {
  /** Makes the event's message. An error of it is the event's own. */
  make(event: OutgoingEvent): Promise<Made>;
  send(messages: readonly Made[]): Promise<ReadonlyMap<Made, BatchedDelivery>>;
  failureOf(thrown: unknown): BatchedDelivery;
}

/** Sends the events as messages, and returns the outcome of each by its event. */
export async function sendMessages<Made extends Message>(
  events: readonly OutgoingEvent[],
  { make, send, failureOf }: MessageCalls<Made>,
): Promise<Map<OutgoingEvent, BatchedDelivery>> {
  const outcomes = new Map<OutgoingEvent, BatchedDelivery>();
  const messages: Made[] = [];
  for (const event of events) {
    try {
      const message = await make(event);
      event.noteSent(message.sent);
      messages.push(message);
    } catch (thrown) {
      outcomes.set(event, failureOf(thrown));
    }
  }
  for (const [{ event }, outcome] of await send(messages)) outcomes.set(event, outcome);
  return outcomes;
}
