/** AWS SQS: every event is a message of a queue. See README.md. */
import {
  DeliveryError,
  type DeliveryReceipt,
  defineDestination,
  type OutgoingEvent,
  type Sender,
  type SenderContext,
} from "../destination.ts";
import { checkQueue } from "./check.ts";
import { messageLimit } from "./limit.ts";
import { openQueue } from "./queue.ts";
import { requestLimits, sendEvents } from "./send.ts";
import { isFifo, type Settings, settings } from "./settings.ts";

export default defineDestination({
  kind: "sqs",
  displayName: "AWS SQS",
  settings,
  batch: { maxEvents: requestLimits.entries, maxBytes: requestLimits.bytes },
  ordered: isFifo,
  takesLinks: true,
  connect,
});

function connect(given: Settings, context: SenderContext): Sender {
  const queue = openQueue(given, context);
  const way = { settings: given, queue, limit: messageLimit(given, queue) };
  const deliverBatch = (events: readonly OutgoingEvent[], signal: AbortSignal) =>
    sendEvents(events, way, signal);
  return {
    deliverBatch,
    async deliver(event, signal): Promise<DeliveryReceipt> {
      const [outcome] = await deliverBatch([event], signal);
      if (outcome instanceof DeliveryError) throw outcome;
      return outcome ?? {};
    },
    check: (signal) => checkQueue(way, signal),
    close: async () => queue.close(),
  };
}
