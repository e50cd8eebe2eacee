/** Checks that deliveries would work; the failure names the missing permission. Leaves nothing behind. */
import type { DeliveryReceipt } from "../destination.ts";
import { failure } from "../kit/failure.ts";
import { type Cluster, cannotBeMade } from "./cluster.ts";
import { permissionMissing } from "./failure.ts";
import { createTopic, findTopic, type TopicFound } from "./requests.ts";

/** Kafka's number of the operation, which is its bit among the allowed operations. */
const write = 4;

/** @throws DeliveryError */
export async function checkTopic(topic: string, cluster: Cluster): Promise<DeliveryReceipt> {
  const broker = await cluster.any();
  const found = await findTopic(broker, topic, true);
  // A user who may write may also describe the topic; one who may not describe it gets this error.
  if (found.error === "TOPIC_AUTHORIZATION_FAILED" || !mayWrite(found)) {
    throw permissionMissing("WRITE", topic);
  }
  if (found.error === "UNKNOWN_TOPIC_OR_PARTITION") {
    const controller = found.controller === null ? broker : await cluster.connect(found.controller);
    const { error, message } = await createTopic(controller, topic, { validateOnly: true });
    if (error !== "NONE") throw cannotBeMade(topic, error, message);
    return { response: `topic ${topic} will be made` };
  }
  if (found.error !== "NONE") throw failure("DELIVERY_FAILED", `topic ${topic}: ${found.error}`);
  // The brokers that the cluster names must be reachable and allowed.
  for (const leader of found.leaders) if (leader !== null) await cluster.connect(leader);
  return { response: `topic ${topic}, ${found.leaders.length} partitions` };
}

const mayWrite = ({ operations }: TopicFound): boolean =>
  operations === null || (operations & (1 << write)) !== 0;
