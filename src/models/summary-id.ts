/**
 * Makes a record's outward id, `metadata.summary_id`. Receivers key their tables by it alone, so no two records
 * anywhere may share one.
 */
import { createHash } from "node:crypto";
import { z } from "zod";
import { type DataType, models } from "./data-type.ts";
import type { SelfWriting } from "./json-writer.ts";

/** The record, and the user whose it was when it was made. */
export interface SummaryIdSource {
  readonly userId: string;
  readonly type: string;
  readonly naturalKey: string;
}

/** The namespace of the ids (RFC 9562 §5.5). It must never change, or every receiver would see new records. */
const namespace = Buffer.from("6f5f0c1e0b1d4c0e9a3c52e7d8b4a917", "hex");

/** Returns a UUIDv5: the same for the same record of the same person, and for no other. Nothing can be read from it. */
export function personalSummaryId({ userId, type, naturalKey }: SummaryIdSource): string {
  const name = JSON.stringify([userId, type, naturalKey]);
  const bytes = createHash("sha1").update(namespace).update(name).digest().subarray(0, 16);
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x50, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  return bytes.toString("hex").replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

const declaresSummaryId = (type: DataType): boolean => {
  const { metadata } = models[type].shape as { metadata?: unknown };
  return metadata instanceof z.ZodObject && "summary_id" in metadata.shape;
};

const identified: ReadonlySet<string> = new Set(
  (Object.keys(models) as DataType[]).filter((type) => declaresSummaryId(type)),
);

/**
 * Tells whether records of the type have a `metadata.summary_id`. The others are identified by their day or their
 * person.
 */
export const hasSummaryId = (type: string): boolean => identified.has(type);

/** Returns the record with another id and the order of its fields unchanged. */
export function withSummaryId(record: unknown, summaryId: string | SelfWriting): object {
  const { metadata } = record as { metadata: object };
  return { ...(record as object), metadata: { ...metadata, summary_id: summaryId } };
}
