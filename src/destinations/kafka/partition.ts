/** The partition of a message: the one that Kafka's own Java client chooses for its key. */
import { murmur2 } from "@platformatic/kafka";

const withoutSign = 0x7fff_ffff;

export const partitionOf = (key: string, partitions: number): number =>
  (murmur2(key, true) & withoutSign) % partitions;
