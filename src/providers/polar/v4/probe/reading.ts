/** What Systole makes of a body: the reader itself says it, so that a report cannot contradict a fetch. */
import {
  PartlyReadableError,
  type ProbeAnswer,
  ProviderError,
  type ServedResource,
} from "../../../provider.ts";

export interface Reading {
  /** The things in it that can be read; null where the whole body is refused. */
  readonly things: number | null;
  /** Whether there are others that cannot. */
  readonly isPartly: boolean;
  /** The leaves that cannot be read, as the ledger names them. */
  readonly unreadable: readonly string[];
}

/** Leaves of the ledger look like this. Nothing else is told. */
const leaf = /^[A-Za-z][A-Za-z.[\]]{0,120}$/;

export function readingOf(resource: ServedResource, key: string, { body }: ProbeAnswer): Reading {
  try {
    const parts = resource.parts(key, resource.decode(body));
    const unreadable = parts.flatMap((part) => part.unreadable ?? []);
    return { things: parts.length, isPartly: false, unreadable: [...new Set(unreadable)].filter(isLeaf) };
  } catch (error) {
    if (error instanceof PartlyReadableError)
      return { things: error.readable.length, isPartly: true, unreadable: [] };
    if (error instanceof ProviderError) return { things: null, isPartly: false, unreadable: [] };
    throw error;
  }
}

const isLeaf = (path: string): boolean => leaf.test(path);
