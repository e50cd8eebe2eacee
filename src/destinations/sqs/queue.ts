/** The requests to a queue. */
import {
  GetQueueAttributesCommand,
  SendMessageBatchCommand,
  type SendMessageBatchCommandOutput,
  type SendMessageBatchRequestEntry,
} from "@aws-sdk/client-sqs";
import type { SenderContext } from "../destination.ts";
import { openClient } from "./client.ts";
import { failureOf } from "./failure.ts";
import type { Settings } from "./settings.ts";

export interface Queue {
  /** `MaximumMessageSize`. @throws DeliveryError */
  readLimit(signal: AbortSignal): Promise<number>;
  /** Up to ten entries. @throws errors of the client */
  send(
    entries: readonly SendMessageBatchRequestEntry[],
    signal: AbortSignal,
  ): Promise<SendMessageBatchCommandOutput>;
  close(): void;
}

/** SQS's own limit, for a queue whose limit cannot be read. */
export const defaultLimit = 1_048_576;

export function openQueue(settings: Settings, context: SenderContext): Queue {
  const { client, close } = openClient(settings, context);
  const QueueUrl = settings.queue_url;
  return {
    async readLimit(abortSignal) {
      const command = new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ["MaximumMessageSize"] });
      try {
        const { Attributes } = await client.send(command, { abortSignal });
        return Number(Attributes?.MaximumMessageSize ?? defaultLimit);
      } catch (error) {
        throw failureOf(error, "sqs:GetQueueAttributes", abortSignal);
      }
    },
    async send(entries, abortSignal) {
      return client.send(new SendMessageBatchCommand({ QueueUrl, Entries: [...entries] }), { abortSignal });
    },
    close,
  };
}
