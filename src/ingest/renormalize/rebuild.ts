/** One record made anew from what is kept, or why it cannot be. */
import { type ErrorCode, SystoleError } from "../../errors.ts";
import type { Part, Provider, ResourceRef } from "../../providers/provider.ts";
import type { PartSource } from "../../store/raw-payloads.ts";
import type { RecordContent } from "../../store/record-writer.ts";
import type { RecordOrder } from "../normalize.ts";
import { contentOf, payloadsOf } from "../record-content.ts";
import { partIn, type SplitCache } from "./split-cache.ts";

export type Rebuilt = { readonly content: RecordContent } | { readonly code: ErrorCode };

/**
 * Other than ingest, which makes what it can of what has arrived, this refuses when a part that is there cannot
 * be read any more: a record must not lose what it had because a newer version is stricter.
 */
export async function rebuild(
  provider: Provider,
  order: RecordOrder,
  sourceOf: (ref: ResourceRef) => PartSource | undefined,
  splits: SplitCache,
): Promise<Rebuilt> {
  const parts: Part[] = [];
  const sources: PartSource[] = [];
  for (const ref of order.normalizer.partsOf(order.naturalKey)) {
    const source = sourceOf(ref);
    if (source === undefined) continue;
    const split = await splits.of(source);
    const part = partIn(split, ref);
    if (part === undefined) return { code: split.code ?? "RECORD_NOT_MADE" };
    parts.push(part);
    sources.push(source);
  }
  if (parts.length === 0) return { code: "RECORD_RAW_MISSING" };
  return make(provider, order, parts, payloadsOf(sources));
}

function make(
  provider: Provider,
  order: RecordOrder,
  parts: readonly Part[],
  rawPayloadIds: readonly string[],
): Rebuilt {
  try {
    const record = order.normalizer.normalize(parts);
    if (record === null) return { code: "RECORD_NOT_MADE" };
    return { content: contentOf(provider, order, record, rawPayloadIds) };
  } catch (error) {
    return { code: error instanceof SystoleError ? error.code : "INTERNAL" };
  }
}
