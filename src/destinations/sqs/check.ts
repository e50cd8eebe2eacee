/** Checks that deliveries would work; the failure names the missing permission. Leaves nothing behind. */
import { DeliveryError, type DeliveryReceipt } from "../destination.ts";
import { blamesMessage, deliveryError, failureOf, refusalOf, refusalOfEntry } from "./failure.ts";
import type { QueueTarget } from "./send.ts";
import { isFifo } from "./settings.ts";

/** @throws DeliveryError */
export async function checkQueue(target: QueueTarget, signal: AbortSignal): Promise<DeliveryReceipt> {
  const most = target.settings.max_message_bytes ?? (await target.queue.readLimit(signal));
  await proveSending(target, signal);
  return { status: 200, response: `messages of up to ${most} bytes` };
}

/**
 * Proves the permission by sending a message that no queue takes (a character that it refuses, a delay that is too
 * long). A queue that lets us send refuses the message itself, any other refuses our credentials.
 */
async function proveSending({ settings, queue }: QueueTarget, signal: AbortSignal): Promise<void> {
  const impossible = { Id: "check", MessageBody: "\u0000", DelaySeconds: 901 };
  const fifo = isFifo(settings) ? { MessageGroupId: "check", MessageDeduplicationId: "check" } : {};
  try {
    const { Failed = [] } = await queue.send([{ ...impossible, ...fifo }], signal);
    for (const entry of Failed) {
      const refused = refusalOfEntry(entry);
      if (!blamesMessage(refused)) throw deliveryError(refused, "sqs:SendMessage");
    }
  } catch (error) {
    if (error instanceof DeliveryError) throw error;
    const refused = refusalOf(error);
    if (refused === null || !blamesMessage(refused)) throw failureOf(error, "sqs:SendMessage", signal);
  }
}
