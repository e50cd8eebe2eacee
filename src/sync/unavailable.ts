/** Resources that a person's account does not have, or that their permission does not cover. */
import { ProviderError } from "../providers/provider.ts";
import { findResource } from "../providers/resource-of.ts";
import { addDays, utcDay } from "../store/days.ts";
import type { TaskFetch } from "../store/tables.ts";
import { hasAnswered, isUnavailableSince, noteUnavailable } from "../store/unavailable.ts";
import type { TaskRun } from "./run.ts";

/** A range that ends so many days before today or earlier says nothing about the newest days. */
const oldDays = 2;

/** What an answer says that an account lacks: a whole resource, or some days of it. */
export type Lacking = "resource" | "days";

/**
 * Returns what an answer says that the account lacks; null where it says no such thing. A whole resource is noted. Where
 * the newest days are answered, a refusal of older ones is about those days, whichever of the declared statuses it has.
 */
export async function noteIfLacking(run: TaskRun, fetch: TaskFetch, error: unknown): Promise<Lacking | null> {
  const { covers } = fetch;
  const status = statusOf(error);
  if (covers === undefined || status === null || !statusesOf(run, fetch).includes(status)) return null;
  const { db } = run.deps.store;
  const { resource } = covers;
  const isOld = covers.to < addDays(utcDay(new Date()), -oldDays);
  if (isOld && (await hasAnswered(db, run.id, resource))) return "days";
  await noteUnavailable(db, run.id, { resource, status });
  run.deps.log.info(
    {
      trace_id: run.task.trace_id,
      user_id: run.id.userId,
      provider: run.provider.slug,
      resource,
      status,
      code: "PROVIDER_RESOURCE_UNAVAILABLE",
    },
    "the account has no such resource",
  );
  return "resource";
}

/** Whether the resource turned out to be unavailable after the task was made: what it asks for needs no call. */
export async function isKnownUnavailable(run: TaskRun, fetch: TaskFetch): Promise<boolean> {
  if (fetch.covers === undefined || statusesOf(run, fetch).length === 0) return false;
  return isUnavailableSince(run.deps.store.db, run.id, fetch.covers.resource, run.task.created_at);
}

/**
 * Whether the answer to what another API's notification named says that the account lacks the whole resource. That it
 * does is noted by the looks at its days.
 */
export function isLackingByName(run: TaskRun, { resource, covers }: TaskFetch, error: unknown): boolean {
  const { announcedBy, unavailable = [] } = findResource(run.provider, resource)?.discovery ?? {};
  const status = statusOf(error);
  return covers === undefined && announcedBy !== undefined && status !== null && unavailable.includes(status);
}

/** A list without days is asked for other resources' sake, and has no word in it. An index of days is the same list. */
function statusesOf({ provider }: TaskRun, { resource, covers }: TaskFetch): readonly number[] {
  const { unavailable = [], dayIndex } = findResource(provider, covers?.resource)?.discovery ?? {};
  return covers?.resource === resource || dayIndex?.resource === resource ? unavailable : [];
}

/** A permission that was refused says nothing about a resource, whatever status told it. */
const statusOf = (error: unknown): number | null =>
  error instanceof ProviderError &&
  error.code !== "PROVIDER_UNAUTHORIZED" &&
  typeof error.details.status === "number"
    ? error.details.status
    : null;
