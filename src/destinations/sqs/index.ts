/** AWS SQS: every event is a message of a queue. See README.md. */
import { defineDestination, type Sender, type SenderContext } from "../destination.ts";
import { openSender } from "../kit/sender.ts";
import { checkQueue } from "./check.ts";
import { messageLimit } from "./limit.ts";
import { openQueue } from "./queue.ts";
import { requestLimits, sendEvents } from "./send.ts";
import { isFifo, type Settings, settings } from "./settings.ts";

export default defineDestination({
  kind: "sqs",
  displayName: "AWS SQS",
  formats: ["fhir", "fit"],
  settings,
  batch: { maxEvents: requestLimits.count, maxBytes: requestLimits.bytes },
  ordered: isFifo,
  takesLinks: true,
  connect,
});

function connect(given: Settings, context: SenderContext): Sender {
  const queue = openQueue(given, context);
  const target = { settings: given, queue, limit: messageLimit(given, queue) };
  return openSender({
    deliverBatch: (events, signal) => sendEvents(events, target, signal),
    check: (signal) => checkQueue(target, signal),
    close: async () => queue.close(),
  });
}
