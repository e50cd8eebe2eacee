/**
 * Makes a record of parts, for fetched data and for rebuilding alike. A record is always made anew from the
 * newest raw payload of each of its parts, so it does not matter in which order, how often or by how many
 * workers those were fetched.
 */
import type { ErrorCode } from "../errors.ts";
import { isNamedBy, type Part, type PartsRef, type Provider } from "../providers/provider.ts";
import type { ConnectionId } from "../store/connections.ts";
import type { GrownPart } from "../store/grown-parts.ts";
import type { PartSource } from "../store/raw-parts.ts";
import type { KeptBodies } from "../store/raw-payloads.ts";
import type { RecordContent, RecordSource } from "../store/record-writer.ts";
import { newSummaryId } from "../store/summary-ids.ts";
import type { DatabaseTransaction } from "../store/tables.ts";
import { concernsAll } from "./concerns-all.ts";
import type { PackedPart } from "./growing/state.ts";
import type { Making, Parsing } from "./parsing/parsing.ts";
import { type PayloadRef, partIn, type Split } from "./payload-splits.ts";
import { contentOf, payloadsOf } from "./record-content.ts";
import { partsOf, type RecordTarget } from "./record-targets.ts";
import type { RecordText } from "./record-text.ts";

/** The connection of the records, and what is needed to make them. The transaction holds the connection's lock. */
export interface RecordMaking {
  readonly tx: DatabaseTransaction;
  readonly id: ConnectionId;
  readonly provider: Provider;
  readonly parsing: Parsing;
}

export interface GatheredParts {
  /** The parts in the normaliser's order. */
  readonly parts: readonly (Part | PackedPart)[];
  /** The sources of the parts, including those that can no longer be read. */
  readonly sources: readonly PartSource[];
  /** Those of the parts that grow. */
  readonly grown: readonly GrownPart[];
  /** The reason why a part cannot be read; null when all can. */
  readonly lost: ErrorCode | null;
}

/** Finds the sources of parts and reads payloads. */
export interface PartReader {
  sourcesOf(ref: PartsRef): readonly PartSource[];
  read(payload: PayloadRef): Promise<Split>;
  /** The parts of the record that grow. */
  readonly grown: readonly GrownPart[];
}

export async function gatherParts(target: RecordTarget, reader: PartReader): Promise<GatheredParts> {
  const parts: (Part | PackedPart)[] = [];
  const sources: PartSource[] = [];
  let lost: ErrorCode | null = null;
  for (const ref of partsOf(target)) {
    parts.push(...reader.grown.filter((part) => isNamedBy(ref, part)));
    for (const source of reader.sourcesOf(ref)) {
      const split = await reader.read(source);
      const part = partIn(split, { resource: source.resource, key: source.partKey });
      if (part !== undefined) parts.push(part);
      else lost ??= split.code ?? "RECORD_NOT_MADE";
      sources.push(source);
    }
  }
  return { parts, sources, grown: reader.grown, lost };
}

/** The normaliser's result: null if the parts do not make a record yet; or its error. */
export type MadeRecord = { readonly content: RecordContent } | { readonly error: unknown } | null;

/** Makes a record of its parts. @param known the record as stored: it keeps its public id */
export async function makeRecord(
  making: RecordMaking,
  target: RecordTarget,
  { parts, sources, grown }: GatheredParts,
  known: Pick<RecordSource, "summaryId"> | null,
): Promise<MadeRecord> {
  const { tx, id, provider } = making;
  const { normalizer, things: _, ...ref } = target;
  const rawPayloadIds = payloadsOf(sources, grown);
  const bodies = { ...id, rawPayloadIds };
  const made = await normalize(
    making.parsing,
    { provider, normalizer, naturalKey: ref.naturalKey, parts },
    bodies,
  );
  if ("error" in made) return made;
  if (made.text === null) return null;
  const ownId = ownIdOf(target);
  const summaryId = known?.summaryId ?? (await newSummaryId(tx, id, { ...ref, ownId }));
  return { content: contentOf(provider, ref, { text: made.text, rawPayloadIds, summaryId, ownId }) };
}

/** Returns the provider's own id of the record; null where its ids are not unique. */
export function ownIdOf({
  normalizer: { hasOwnIds, ownIdIn },
  naturalKey,
}: Pick<RecordTarget, "normalizer" | "naturalKey">): string | null {
  return hasOwnIds ? (ownIdIn?.(naturalKey) ?? naturalKey) : null;
}

/** @throws what concerns more than this record */
async function normalize(
  parsing: Parsing,
  making: Making,
  bodies: KeptBodies,
): Promise<{ text: RecordText | null } | { error: unknown }> {
  try {
    return { text: await parsing.normalize(making, bodies) };
  } catch (error) {
    if (concernsAll(error)) throw error;
    return { error };
  }
}
