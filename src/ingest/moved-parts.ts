/**
 * Things that have moved between records, such as a nap that turns out to belong to the next day: the parts under their
 * former keys are removed, and the records that had them are made anew.
 */
import { ownIdOf, type Part } from "../providers/provider.ts";
import { findPartsOfIds } from "../store/parts-of-ids.ts";
import { deleteParts } from "./delete-parts.ts";
import type { IngestRun } from "./deps.ts";
import type { Answer, StoredAnswer } from "./keep.ts";

/** Returns how many records changed. @throws ConnectionGone */
export async function removeMoved(
  run: IngestRun,
  { resource, fetchOrder }: Pick<Answer | StoredAnswer, "resource" | "fetchOrder">,
  parts: readonly Part[],
): Promise<number> {
  if (!resource.endsWithId) return 0;
  const own = parts.filter((part) => part.resource === resource.name);
  const ids = own.flatMap(({ key }) => ownIdOf(key) ?? []);
  if (ids.length === 0) return 0;
  const keys = new Set(own.map(({ key }) => key));
  const asked = { resource: resource.name, ids, before: fetchOrder };
  const former = (await findPartsOfIds(run.deps.store.db, run.id, asked)).filter((key) => !keys.has(key));
  const refs = former.map((key) => ({ resource: resource.name, key }));
  return deleteParts(run, { refs, fetchOrder });
}
