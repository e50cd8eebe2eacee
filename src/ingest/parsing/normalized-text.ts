import { isFields } from "../../providers/ledger-tree.ts";
import type { Normalizer, Part } from "../../providers/provider.ts";
import { openPart, type PackedPart } from "../growing/state.ts";
import { type RecordText, recordText } from "../record-text.ts";

/** Makes a record of parts and its text; null when the parts make none. In a worker thread or in the process. */
export function normalizedText(
  normalizer: Normalizer,
  parts: readonly (Part | PackedPart)[],
  naturalKey: string,
): RecordText | null {
  const made = normalizer.normalize(parts.map(openPart), naturalKey);
  return isFields(made) ? recordText({ type: normalizer.type, naturalKey }, made) : null;
}
