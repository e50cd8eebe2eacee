/**
 * Companions that another API serves. They are fetched with what was announced, so that both make one revision, but
 * stand apart: no failure of theirs delays it.
 */
import { findResource } from "../providers/resource-of.ts";
import type { TaskFetch } from "../store/tables.ts";
import type { IngestRun } from "./deps.ts";

/** Whether another API serves this than the thing to which it belongs. */
export function isApart({ provider }: Pick<IngestRun, "provider">, one: TaskFetch, of: TaskFetch): boolean {
  const [api, other] = [one, of].map(({ resource }) => findResource(provider, resource)?.api);
  return api !== other;
}
