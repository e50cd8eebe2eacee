/** Fetching all that a notification names, with what belongs to it. */
import { type Provider, ProviderError, type ResourceRef } from "../providers/provider.ts";
import type { Connection } from "../store/connections.ts";
import type { Errand, Notification } from "../store/notifications.ts";
import { findPartSources } from "../store/raw-payloads.ts";
import type { IngestDeps } from "./deps.ts";
import { type Answered, askUntilToday, isPastReach } from "./discovery/answered.ts";
import { followUpEvent, followUpsOf, isFinalForFile, isRefusedFile } from "./discovery/follow-ups.ts";
import { type FetchedParts, fetchResource } from "./fetch.ts";
import { PostponedError } from "./planner/postponed.ts";
import type { Refused } from "./refused-content.ts";
import { StoppedError } from "./stopped.ts";

export interface Harvest {
  readonly fetched: FetchedParts[];
  /** Companions that the provider does not have, or not yet. */
  readonly missing: ResourceRef[];
  readonly answered: Answered[];
  /** Files that could not be had just now. */
  readonly later: ResourceRef[];
  /** Files, and items of lists, that came and cannot be read, however often they are fetched. */
  readonly refused: Refused[];
  /** What is to be tried again, and why. */
  readonly failed: { readonly errand: Errand; readonly error: unknown }[];
}

export interface HarvestContext {
  readonly deps: IngestDeps;
  readonly provider: Provider;
  readonly connection: Connection;
  readonly notification: Notification;
}

/**
 * A provider's notification names one thing and its companions, which may well not be there; they are made
 * into records together or not at all. What we ask for on our own are independent things: one that fails
 * does not keep the others back. Null when the connection is gone.
 */
export async function harvestAll(context: HarvestContext): Promise<Harvest | null> {
  const harvest: Harvest = { fetched: [], missing: [], answered: [], later: [], refused: [], failed: [] };
  const { fetches } = context.notification;
  for (const [index, errand] of fetches.entries()) {
    const parts = await attempt(context, errand);
    if (parts === null) return null;
    if ("error" in parts) await gatherFailure(context, harvest, errand, parts.error, index === 0);
    else if (!(await gather(context, harvest, errand, parts))) return null;
    // Nobody is asked again with a permission that was just refused, or while there is no room for a call.
    const last = harvest.failed.at(-1);
    if (last !== undefined && (isRefusedPerson(last.error) || last.error instanceof PostponedError)) {
      const { error } = last;
      harvest.failed.push(...fetches.slice(index + 1).map((rest) => ({ errand: rest, error })));
      break;
    }
  }
  return harvest;
}

export const isRefusedPerson = (error: unknown): boolean =>
  error instanceof ProviderError &&
  (error.code === "PROVIDER_UNAUTHORIZED" || error.code === "PROVIDER_FORBIDDEN");

const isMissing = (error: unknown): boolean =>
  error instanceof ProviderError && error.code === "PROVIDER_RESOURCE_MISSING";

async function attempt(
  { deps, provider, connection, notification }: HarvestContext,
  ref: ResourceRef,
): Promise<FetchedParts | null | { error: unknown }> {
  try {
    return await fetchResource(deps, provider, connection, ref, notification);
  } catch (error) {
    if (error instanceof StoppedError) throw error;
    return { error };
  }
}

/** False when the connection is gone. */
async function gather(
  context: HarvestContext,
  harvest: Harvest,
  errand: Errand,
  parts: FetchedParts,
): Promise<boolean> {
  harvest.fetched.push(parts);
  harvest.answered.push({ errand, entries: parts.entries, gaps: parts.gaps });
  // Asking again would bring the same items: they are told of, and what else the list has is there.
  if (parts.refused !== null) harvest.refused.push({ ref: errand, error: parts.refused });
  for (const ref of await filesToFetch(context, errand, parts)) {
    const file = await attempt(context, ref);
    if (file === null) return false;
    if (!("error" in file)) harvest.fetched.push(file);
    else if (isRefusedPerson(file.error)) harvest.failed.push({ errand, error: file.error });
    else if (isRefusedFile(file.error)) harvest.refused.push({ ref, error: file.error });
    else if (!isFinalForFile(file.error)) harvest.later.push(ref);
  }
  return true;
}

/**
 * The files of a thing that was asked for by its name, so that both make one revision: all of them when it is
 * new or has changed, else those that are not held.
 */
async function filesToFetch(
  { deps, provider, connection }: HarvestContext,
  asked: ResourceRef,
  { parts, changed }: FetchedParts,
): Promise<readonly ResourceRef[]> {
  const part = parts.find(({ resource, key }) => resource === asked.resource && key === asked.key);
  const files = part === undefined ? [] : followUpsOf(provider, part);
  if (part === undefined || files.length === 0 || changed.includes(part)) return files;
  const id = { environmentId: connection.environment_id, userId: connection.user_id };
  const held = await findPartSources(deps.store.db, id, files);
  return files.filter(
    (file) => !held.some(({ resource, partKey }) => resource === file.resource && partKey === file.key),
  );
}

/** @throws the error itself where everything was to be there together */
async function gatherFailure(
  { deps, provider, connection, notification }: HarvestContext,
  harvest: Harvest,
  errand: Errand,
  error: unknown,
  isFirst: boolean,
): Promise<void> {
  const now = new Date();
  const isTogether = notification.origin === "provider";
  const answered = { errand, entries: null, gaps: 0 };
  if (isMissing(error) && !(isTogether && isFirst)) {
    harvest.missing.push({ resource: errand.resource, key: errand.key });
    harvest.answered.push(answered);
  } else if (isTogether) throw error;
  else if (notification.event === followUpEvent && isRefusedFile(error))
    harvest.refused.push({ ref: errand, error });
  else if (notification.event === followUpEvent && isFinalForFile(error)) harvest.missing.push(errand);
  else if (isPastReach(error, errand, now)) harvest.answered.push(answered);
  else if (isRefusal(error) && (await askUntilToday(deps, provider, connection, notification, errand, now)))
    return;
  else harvest.failed.push({ errand, error });
}

const isRefusal = (error: unknown): boolean =>
  error instanceof ProviderError &&
  (error.code === "PROVIDER_REFUSED" || error.code === "PROVIDER_OUT_OF_REACH");
