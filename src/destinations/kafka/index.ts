/** Kafka: every event is a message of a topic, keyed by the person. See README.md. */
import { defineDestination, type Sender, type SenderContext } from "../destination.ts";
import { untilAborted } from "../kit/abort.ts";
import { openSender } from "../kit/sender.ts";
import { checkTopic } from "./check.ts";
import { openCluster } from "./cluster.ts";
import { sendEvents } from "./produce.ts";
import { bootstrapBrokers, type Settings, settings } from "./settings.ts";

export default defineDestination({
  kind: "kafka",
  displayName: "Kafka",
  formats: ["fhir", "fit"],
  settings,
  /** The size that a cluster takes for one partition by default. */
  batch: { maxEvents: 500, maxBytes: 1_000_000 },
  ordered: () => true,
  takesLinks: true,
  connect,
});

function connect(given: Settings, context: SenderContext): Sender {
  for (const { host } of bootstrapBrokers(given)) context.assertAddressAllowed(host);
  const cluster = openCluster(given, context);
  return openSender({
    deliverBatch: (events, signal) => sendEvents(events, cluster, given, signal),
    check: (signal) => untilAborted(() => checkTopic(given.topic, cluster), signal),
    close: cluster.close,
  });
}
