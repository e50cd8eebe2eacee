/** Splits a body into its parts; a small body in this process, a large one in a worker thread. */
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
  /** The parts that can be read. */
  readonly parts: readonly Part[];
  /** The reason why nothing can be read; null when the body as a whole can. */
  readonly failed: ProviderError | null;
  /** The reason why single items of a list are missing; null when none are. */
  readonly refused: ProviderError | null;
  /** The entries of an index; null for any other resource. */
  readonly entries: readonly IndexEntry[] | null;
}

/** @throws errors that are not the body's fault */
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
    return { parts: eachOnce(resource.parts(key, decoded)), refused: null };
  } catch (error) {
    if (error instanceof PartlyReadableError) return { parts: eachOnce(error.readable), refused: error };
    throw error;
  }
}

/** Returns each part once: of two with the same key the later one. */
const eachOnce = (parts: readonly Part[]): readonly Part[] => [
  ...new Map(parts.map((part) => [`${part.resource} ${part.key}`, part])).values(),
];
