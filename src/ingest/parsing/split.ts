/** From a body to its parts: what a process does itself with a small body, and a worker thread with a large one. */
import {
  type IndexEntry,
  type Part,
  PartlyReadableError,
  ProviderError,
  type Resource,
  type ResourceRef,
} from "../../providers/provider.ts";
import { checkLengths } from "./limits.ts";

export interface SplitBody {
  /** Those that can be read. */
  readonly parts: readonly Part[];
  /** Why the others cannot; null when all can. */
  readonly failed: ProviderError | null;
  /** What an index lists; null for anything else. */
  readonly entries: readonly IndexEntry[] | null;
}

/** @throws what is no fault of the body */
export function splitBody(resource: Resource, ref: ResourceRef, body: Buffer): SplitBody {
  try {
    const decoded = resource.decode(body);
    checkLengths(ref, decoded);
    const entries = resource.entries?.(decoded) ?? null;
    return { parts: resource.parts(ref.key, decoded), failed: null, entries };
  } catch (error) {
    if (error instanceof PartlyReadableError) return { parts: error.readable, failed: error, entries: null };
    if (error instanceof ProviderError) return { parts: [], failed: error, entries: null };
    throw error;
  }
}
