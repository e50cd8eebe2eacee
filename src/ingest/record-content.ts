/** The content of a stored record: its exact JSON text and the columns read from it. */
import type { Provider, RecordRef } from "../providers/provider.ts";
import type { GrownPart } from "../store/grown-parts.ts";
import type { PartSource } from "../store/raw-parts.ts";
import type { RecordContent } from "../store/record-writer.ts";
import { type RecordText, summaryJson, wholeJson } from "./record-text.ts";

interface Fields {
  readonly metadata?: { readonly start_time?: string; readonly end_time?: string };
}

export interface Made {
  /** The text of the normaliser's record, which does not know whose record it is. */
  readonly text: RecordText;
  readonly rawPayloadIds: readonly string[];
  /** The record's public id. */
  readonly summaryId: string | null;
  /** The provider's own id; null where its ids are not unique. */
  readonly ownId: string | null;
}

export function contentOf(
  { mapperVersion }: Pick<Provider, "mapperVersion">,
  { type, naturalKey }: RecordRef,
  { text, rawPayloadIds, summaryId, ownId }: Made,
): RecordContent {
  const { metadata } = text.summary as Fields;
  return {
    type,
    naturalKey,
    summaryId,
    ownId,
    mapperVersion,
    json: wholeJson(text, summaryId),
    summaryJson: summaryJson(text, summaryId),
    startTime: metadata?.start_time ?? null,
    endTime: metadata?.end_time ?? null,
    rawPayloadIds,
  };
}

/** Returns the payloads of a record's parts, each once, sorted. */
export const payloadsOf = (
  sources: readonly PartSource[],
  grown: readonly Pick<GrownPart, "rawPayloadIds">[] = [],
): string[] => {
  const ids = [
    ...sources.map(({ rawPayloadId }) => rawPayloadId),
    ...grown.flatMap((one) => one.rawPayloadIds),
  ];
  return [...new Set(ids)].sort();
};
