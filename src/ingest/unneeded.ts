/** Leaves out what no chosen data type needs, before it is fetched or kept. */
import { isNeeded } from "../providers/needed-resources.ts";
import { forgetCovered } from "../store/coverage.ts";
import type { IngestRun } from "./deps.ts";

/**
 * Returns the things that a chosen data type needs. What was announced or pushed and is left out makes its resource
 * unknown from then on: once it is needed again, everything within reach is fetched anew.
 */
export async function needed<Thing extends { readonly resource: string }>(
  run: IngestRun,
  things: readonly Thing[],
): Promise<readonly Thing[]> {
  const { provider, connection } = run;
  const isWanted = ({ resource }: Thing) => isNeeded(provider, resource, connection.chosen_types);
  const left = things.filter((thing) => !isWanted(thing));
  if (left.length > 0) await noteUnneeded(run, [...new Set(left.map(({ resource }) => resource))]);
  return things.filter(isWanted);
}

async function noteUnneeded({ deps, id, task, provider }: IngestRun, resources: string[]): Promise<void> {
  if (task.kind === "announced" || task.kind === "given") await forgetCovered(deps.store.db, id, resources);
  const about = { trace_id: task.trace_id, user_id: id.userId, provider: provider.slug };
  deps.log.info({ ...about, resources }, "left out: no chosen data type needs it");
}
