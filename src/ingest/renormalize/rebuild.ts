/** One record made anew from what is kept, or why it cannot be. */
import { type ErrorCode, SystoleError } from "../../errors.ts";
import type { Part, PartsRef } from "../../providers/provider.ts";
import type { KeptBodies, PartSource } from "../../store/raw-payloads.ts";
import type { RecordContent } from "../../store/record-writer.ts";
import type { StandingRecord } from "../../store/renormalization-work.ts";
import type { RecordOrder } from "../normalize.ts";
import type { Making } from "../parsing/parsing.ts";
import { contentOf, identityOf, payloadsOf } from "../record-content.ts";
import { StoppedError } from "../stopped.ts";
import type { Work } from "./settle.ts";
import { partIn } from "./split-cache.ts";

export type Rebuilt = { readonly content: RecordContent } | { readonly code: ErrorCode };

/**
 * Other than ingest, which makes what it can of what has arrived, this refuses when a part that is there cannot
 * be read any more: a record must not lose what it had because a newer version is stricter.
 */
export async function rebuild(
  { tx, id, provider, parsing, splits }: Pick<Work, "tx" | "id" | "provider" | "parsing" | "splits">,
  order: RecordOrder,
  known: StandingRecord | null,
  sourcesOf: (ref: PartsRef) => readonly PartSource[],
): Promise<Rebuilt> {
  const parts: Part[] = [];
  const sources: PartSource[] = [];
  for (const source of order.normalizer.partsOf(order.naturalKey).flatMap(sourcesOf)) {
    const split = await splits.of(source);
    const part = partIn(split, { resource: source.resource, key: source.partKey });
    if (part === undefined) return { code: split.code ?? "RECORD_NOT_MADE" };
    parts.push(part);
    sources.push(source);
  }
  if (parts.length === 0) return { code: "RECORD_RAW_MISSING" };
  const rawPayloadIds = payloadsOf(sources);
  const making = { provider, normalizer: order.normalizer, parts };
  const record = await make(parsing, making, { environmentId: id.environmentId, rawPayloadIds });
  if ("code" in record) return record;
  const summaryId = await identityOf(tx, id, order, known);
  return {
    content: contentOf(provider, order, { ...record, rawPayloadIds, summaryId }),
  };
}

async function make(
  parsing: Work["parsing"],
  making: Making,
  bodies: KeptBodies,
): Promise<{ record: unknown } | { code: ErrorCode }> {
  try {
    const record = await parsing.normalize(making, bodies);
    return record === null ? { code: "RECORD_NOT_MADE" } : { record };
  } catch (error) {
    if (error instanceof StoppedError) throw error;
    return { code: error instanceof SystoleError ? error.code : "INTERNAL" };
  }
}
