/** A record as it is kept: its exact JSON text and what is read from it. */
import { type DataType, withoutSamples } from "../models/index.ts";
import type { Provider, RecordRef } from "../providers/provider.ts";
import type { PartSource } from "../store/raw-payloads.ts";
import type { RecordContent } from "../store/record-writer.ts";

interface Fields {
  readonly metadata?: { readonly start_time?: string; readonly end_time?: string };
}

/** @param record what a normaliser made */
export function contentOf(
  { mapperVersion }: Pick<Provider, "mapperVersion">,
  { type, naturalKey }: RecordRef,
  record: unknown,
  rawPayloadIds: readonly string[],
): RecordContent {
  const { metadata } = record as Fields;
  return {
    type,
    naturalKey,
    mapperVersion,
    json: JSON.stringify(record),
    summaryJson: JSON.stringify(withoutSamples<DataType>(type, record as never)),
    startTime: metadata?.start_time ?? null,
    endTime: metadata?.end_time ?? null,
    rawPayloadIds,
  };
}

/** The payloads that a record is made of, each once, sorted. */
export const payloadsOf = (sources: readonly PartSource[]): string[] =>
  [...new Set(sources.map(({ rawPayloadId }) => rawPayloadId))].sort();
