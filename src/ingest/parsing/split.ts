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
  /** Why nothing can; null when the body as a whole can. */
  readonly failed: ProviderError | null;
  /** Why single items of a list are not among them; null when all are. */
  readonly refused: ProviderError | null;
  /** What an index lists; null for anything else. */
  readonly entries: readonly IndexEntry[] | null;
}

/** @throws what is no fault of the body */
export function splitBody(resource: Resource, ref: ResourceRef, body: Buffer): SplitBody {
  try {
    const decoded = resource.decode(body);
    checkLengths(ref, decoded);
    return { entries: resource.entries?.(decoded) ?? null, failed: null, ...partsIn(resource, ref, decoded) };
  } catch (error) {
    if (error instanceof ProviderError) return unreadBody(error);
    throw error;
  }
}

export const unreadBody = (failed: ProviderError): SplitBody => ({
  parts: [],
  failed,
  refused: null,
  entries: null,
});

function partsIn(
  resource: Resource,
  { key }: ResourceRef,
  decoded: unknown,
): Pick<SplitBody, "parts" | "refused"> {
  try {
    return { parts: resource.parts(key, decoded), refused: null };
  } catch (error) {
    if (error instanceof PartlyReadableError) return { parts: error.readable, refused: error };
    throw error;
  }
}
