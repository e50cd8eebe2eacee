/** An event as a message: its body, its ids as attributes, and in a FIFO queue its group. */
import { createHash } from "node:crypto";
import type { MessageAttributeValue, SendMessageBatchRequestEntry } from "@aws-sdk/client-sqs";
import { contentTypeOf, type OutgoingEvent } from "../destination.ts";
import { messageAttributes } from "../kit/message-attributes.ts";
import type { Message } from "../kit/messages.ts";
import { isFifo, type Settings } from "./settings.ts";

export interface SqsMessage extends Message {
  readonly entry: Omit<SendMessageBatchRequestEntry, "Id">;
  /** The size as SQS counts it: the body and each attribute's name, type and value. */
  readonly bytes: number;
}

export function messageOf(event: OutgoingEvent, settings: Settings): SqsMessage {
  const body = bodyOf(event);
  const values = Object.entries({ ...messageAttributes(event), ...formAttributes(event) }).filter(
    ([, value]) => value !== "",
  );
  const attributes = values.map(([name, value]): [string, MessageAttributeValue] => [
    name,
    attributeOf(name, value),
  ]);
  const fifo = isFifo(settings)
    ? { MessageGroupId: tokenOf(event.userId ?? event.type), MessageDeduplicationId: tokenOf(event.id) }
    : {};
  const headers = Object.fromEntries(values);
  return {
    event,
    sent: { method: "SendMessage", target: settings.queue_url, headers, bytes: Buffer.byteLength(body) },
    entry: { MessageBody: body, MessageAttributes: Object.fromEntries(attributes), ...fifo },
    bytes: attributes.reduce(
      (sum, [name, value]) => sum + attributeBytes(name, value),
      Buffer.byteLength(body),
    ),
  };
}

/** SQS takes the characters of XML; of those that JSON leaves unescaped these two are not among them. */
const refusedInBody = /[\ufffe\uffff]/g;

/** Returns the same JSON, with these two characters escaped; a message is text, so other bytes are sent as base64. */
const bodyOf = (event: OutgoingEvent): string =>
  isBinary(event) ? event.body.toString("base64") : escaped(event.body.toString("utf8"));

const escaped = (json: string): string =>
  json.replace(refusedInBody, (character) => `\\u${character.charCodeAt(0).toString(16)}`);

const isBinary = (event: OutgoingEvent): boolean => !contentTypeOf(event).endsWith("json");

/** With them a message has at most ten attributes, which is the most that SQS takes. */
function formAttributes(event: OutgoingEvent): Record<string, string> {
  if (event.form === undefined) return {};
  return {
    content_type: contentTypeOf(event),
    ...(isBinary(event) && { content_transfer_encoding: "base64" }),
  };
}

const numbers = new Set(["ordering_timestamp", "revision"]);
/** The characters that SQS takes in a string. */
const writable = /^[\t\n\r\u0020-\ufffd]*$/;

/** A text with other characters is sent as its bytes. */
function attributeOf(name: string, value: string): MessageAttributeValue {
  if (numbers.has(name)) return { DataType: "Number", StringValue: value };
  if (writable.test(value) && value.isWellFormed()) return { DataType: "String", StringValue: value };
  return { DataType: "Binary", BinaryValue: Buffer.from(value) };
}

const attributeBytes = (
  name: string,
  { DataType, StringValue = "", BinaryValue = new Uint8Array() }: MessageAttributeValue,
): number => {
  const value = Buffer.byteLength(StringValue) + BinaryValue.length;
  return Buffer.byteLength(name) + Buffer.byteLength(DataType ?? "") + value;
};

/** The characters that SQS takes in a group id or deduplication id. */
const token = /^[!-~]{1,128}$/;

const tokenOf = (text: string): string =>
  token.test(text) ? text : createHash("sha256").update(text).digest("hex");
