/** An event as a message: the person as the key, its body as the value, its ids as headers. */
import type { MessageRecord } from "@platformatic/kafka";
import { contentTypeOf, type OutgoingEvent } from "../destination.ts";
import { messageAttributes } from "../kit/message-attributes.ts";
import type { Message } from "../kit/messages.ts";

export interface KafkaMessage extends Message {
  /** Messages with the same key keep their order. */
  readonly key: string;
  readonly record: Omit<MessageRecord, "partition">;
  /** Its share of a batch: never less than Kafka counts, and hardly more. */
  readonly bytes: number;
}

/** The head of a batch. */
export const batchOverhead = 61;
/** The head of a record: its length, attributes, and differences from the batch's first record. */
const recordOverhead = 5 + 1 + 10 + 5;
/** The most bytes that a length takes before its content. */
const lengthBytes = 5;

/**
 * The message's time is left to the client, which takes the time of sending. Kafka deletes messages by their time,
 * and an event that is replayed must not be deleted for being old.
 */
export function messageOf(event: OutgoingEvent, topic: string): KafkaMessage {
  const key = event.userId ?? event.type;
  const attributes = { ...messageAttributes(event), "content-type": contentTypeOf(event) };
  const headers = Object.entries(attributes).map(([name, value]): [Buffer, Buffer] => [
    Buffer.from(name),
    Buffer.from(value),
  ]);
  const record = { topic, key: Buffer.from(key), value: event.body, headers: new Map(headers) };
  const parts = [record.key, record.value, ...headers.flat()];
  const bytes = parts.reduce((sum, part) => sum + lengthBytes + part.length, recordOverhead + lengthBytes);
  const target = `topic ${topic}, key ${key}`;
  const sent = { method: "produce", target, headers: attributes, bytes: event.body.length };
  return { event, key, record, bytes, sent };
}
