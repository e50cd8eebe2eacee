/** Reports what could not be read in a body: where and why, never the value. This keeps health data out of logs. */
import type { Ledger } from "../ledger.ts";
import { ledgerPath } from "../ledger-leaves.ts";
import { type Part, ProviderError } from "../provider.ts";
import type { Steps } from "./edits.ts";
import type { ReadIssue } from "./read-tolerantly.ts";

const mostIssues = 10;

/** The body, or one item of it, and the resource it belongs to. */
export interface BodyPlace {
  readonly resource: string;
  readonly key: string;
  readonly index?: number;
}

export function invalidBody(
  place: BodyPlace,
  retry: "later" | "never",
  found: readonly ReadIssue[],
): ProviderError {
  const issues = found.slice(0, mostIssues).map(({ path, message }) => ({ path: path.join("."), message }));
  return new ProviderError("PROVIDER_BODY_INVALID", retry, { ...place, issues });
}

/**
 * Returns the `unreadable` field of a part: the leaves at these places, as the ledger writes them. Empty where there
 * are none.
 */
export function unreadablePaths(ledger: Ledger, places: readonly Steps[]): Pick<Part, "unreadable"> {
  const paths = new Set(places.map((steps) => ledgerPath(ledger, steps)));
  return paths.size > 0 ? { unreadable: [...paths] } : {};
}
