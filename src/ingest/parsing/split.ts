/** Splits a body into its parts; a small body in this process, a large one in a worker thread. */
import {
  type IndexEntry,
  type Part,
  PartlyReadableError,
  type Provider,
  ProviderError,
  type Resource,
  type ResourceRef,
} from "../../providers/provider.ts";
import { hasGrowing, isGrowing, type PartStatements, statementsIn } from "../growing/statements.ts";
import { type Leaves, leavesOf } from "../part-leaves.ts";
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
  /** What the body says of parts that grow. */
  readonly statements: readonly PartStatements[];
  /** The leaves of those that no ledger knows, or that could not be read. */
  readonly leaves: readonly Leaves[];
}

type WithResources = Pick<Provider, "resources">;

/**
 * @param provider the resources among which those that grow are found
 * @throws errors that are not the body's fault
 */
export function splitBody(
  resource: Resource,
  ref: ResourceRef,
  body: Buffer,
  provider: WithResources = { resources: [] },
): SplitBody {
  try {
    const decoded = resource.decode(body);
    checkLengths(ref, decoded, hasGrowing(provider));
    const { parts, refused } = partsIn(resource, ref, decoded);
    const entries = resource.entries?.(decoded) ?? null;
    return { entries, failed: null, refused, ...separated(provider, parts) };
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
  statements: [],
  leaves: [],
});

function separated(
  provider: WithResources,
  all: readonly Part[],
): Pick<SplitBody, "parts" | "statements" | "leaves"> {
  const growing = all.filter(({ resource }) => isGrowing(provider, resource));
  const parts = growing.length === 0 ? all : all.filter(({ resource }) => !isGrowing(provider, resource));
  return {
    parts: eachOnce(parts),
    statements: statementsIn(growing),
    leaves: growing.length === 0 ? [] : leavesOf(provider, growing),
  };
}

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

/** Returns each part once: of two with the same key the later one. */
const eachOnce = (parts: readonly Part[]): readonly Part[] => [
  ...new Map(parts.map((part) => [`${part.resource} ${part.key}`, part])).values(),
];
