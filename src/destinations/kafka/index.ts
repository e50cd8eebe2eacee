/** Kafka: every event is a message of a topic, keyed by the person. See README.md. */
import {
  DeliveryError,
  type DeliveryReceipt,
  defineDestination,
  type OutgoingEvent,
  type Sender,
  type SenderContext,
} from "../destination.ts";
import { orAborted } from "./abort.ts";
import { checkTopic } from "./check.ts";
import { openCluster } from "./cluster.ts";
import { sendEvents } from "./produce.ts";
import { bootstrapBrokers, type Settings, settings } from "./settings.ts";

export default defineDestination({
  kind: "kafka",
  displayName: "Kafka",
  settings,
  /** As much as a cluster's default takes for one partition. */
  batch: { maxEvents: 500, maxBytes: 1_000_000 },
  ordered: () => true,
  takesLinks: true,
  connect,
});

function connect(given: Settings, context: SenderContext): Sender {
  for (const { host } of bootstrapBrokers(given)) context.assertAddressAllowed(host);
  const cluster = openCluster(given, context);
  const deliverBatch = (events: readonly OutgoingEvent[], signal: AbortSignal) =>
    sendEvents(events, cluster, given, signal);
  return {
    deliverBatch,
    async deliver(event, signal): Promise<DeliveryReceipt> {
      const [outcome] = await deliverBatch([event], signal);
      if (outcome instanceof DeliveryError) throw outcome;
      return outcome ?? {};
    },
    check: (signal) => orAborted(() => checkTopic(given.topic, cluster), signal),
    close: cluster.close,
  };
}
