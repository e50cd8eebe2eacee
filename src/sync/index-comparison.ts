/** Compares a provider's index with what we hold: only what is missing or different is fetched. */
import { isNeeded } from "../providers/needed-resources.ts";
import type { Discovery, IndexEntry, Provider } from "../providers/provider.ts";
import { findResource } from "../providers/resource-of.ts";
import { listOpenFetches } from "../store/fetch-tasks.ts";
import { findFingerprints } from "../store/raw-parts.ts";
import type { DatabaseTransaction, TaskFetch } from "../store/tables.ts";
import { createFollowOns } from "./follow-on.ts";
import type { TaskRun } from "./run.ts";

/** Above this number, one call for the whole list is cheaper, if there is such a call. */
const maxByName = 4;

/**
 * Creates tasks for the differences, of the kind that found them; returns the number of differences. The
 * caller holds the connection's lock.
 */
export async function createDiffering(
  tx: DatabaseTransaction,
  run: TaskRun,
  entries: readonly IndexEntry[],
): Promise<number> {
  const { provider, connection } = run;
  const needed = entries.filter(({ resource }) => isNeeded(provider, resource, connection.chosen_types));
  const known = await findFingerprints(tx, run.id, needed);
  const differing = needed.filter(
    ({ resource, key, fingerprint }) => known.get(`${resource} ${key}`) !== fingerprint,
  );
  if (differing.length === 0) return 0;
  const { kind, priority } = run.task;
  const open = (await listOpenFetches(tx, run.id)).filter((one) => one.priority >= priority);
  const wanted = fetchesFor(provider, newestEntriesFirst(differing)).filter(
    (fetch) => !open.some(({ resource, key }) => resource === fetch.resource && key === fetch.key),
  );
  await createFollowOns(
    tx,
    run,
    wanted.map((fetch) => ({ kind, fetches: [fetch] })),
  );
  return differing.length;
}

/** Where entries are asked for by their days, the newest come first: a person looks for today. */
const newestEntriesFirst = (entries: readonly IndexEntry[]): readonly IndexEntry[] =>
  entries.every((entry) => isDay(askedAs(entry)))
    ? entries.toSorted((one, other) => (askedAs(one) > askedAs(other) ? -1 : 1))
    : entries;

const askedAs = ({ key, askedAs = key }: IndexEntry): string => askedAs;
const isDay = (key: string): boolean => /^\d{4}-\d{2}-\d{2}$/.test(key);

function fetchesFor(provider: Provider, differing: readonly IndexEntry[]): TaskFetch[] {
  const named = differing.map((entry) => ({ resource: entry.resource, key: askedAs(entry) }));
  const byName = [...new Map(named.map((fetch) => [`${fetch.resource} ${fetch.key}`, fetch])).values()];
  const [first] = byName;
  const discovery = findResource(provider, first?.resource)?.discovery;
  const whole = discovery ? keyOfAll(discovery) : null;
  if (byName.length <= maxByName || whole === null || first === undefined) return byName;
  return [{ resource: first.resource, key: whole }];
}

/** Returns the key that a list without dates has for all its items. */
function keyOfAll({ key }: Discovery): string | null {
  const [one, other] = [key("2000-01-01", "2000-01-01"), key("2000-01-02", "2000-01-02")];
  return one === other ? one : null;
}
