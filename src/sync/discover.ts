/** Creates the tasks for data that a connection may have and we lack: at first everything, later what is new. */
import type { Provider } from "../providers/provider.ts";
import { type Connection, connectionIdOf } from "../store/connections.ts";
import { type Coverage, listCoverage, openCoverage } from "../store/coverage.ts";
import { findChoice } from "../store/data-choices.ts";
import { listOpenFetches, priorityOfTask } from "../store/fetch-tasks.ts";
import type { Queue } from "../store/queue.ts";
import type { DatabaseTransaction, TaskFetch } from "../store/tables.ts";
import {
  type DiscoverableResource,
  isDiscoverable,
  isIncluded,
  type Uncovered,
  uncovered,
} from "./coverage.ts";
import { createTasks, taskFor } from "./create-tasks.ts";
import { firstInterval } from "./first-interval.ts";
import { grantedResources, wantedResources } from "./wanted.ts";

/** The delay between older ranges, so that the newest data arrives first. */
const stepMs = 1_000;

/** The connection to look at, the reason, and the resources. */
interface Look {
  readonly kind: "connect" | "refresh" | "reconcile";
  readonly connection: Connection;
  readonly resources: readonly DiscoverableResource[];
  readonly now: Date;
}

/**
 * Creates a new connection's tasks: the newest data of all resources in one task, so that related data
 * becomes one revision; older data in one task for each range. A person who returns is asked only for the
 * gap, and one who grants more only for the newly granted data.
 */
export async function createFirstTasks(
  tx: DatabaseTransaction,
  queue: Queue,
  { provider, connection }: { readonly provider: Provider; readonly connection: Connection },
): Promise<void> {
  const id = connectionIdOf(connection);
  const granted = grantedResources(provider, connection).filter(isDiscoverable);
  // Nothing is known of what is not chosen: once it is, it is due.
  await openCoverage(tx, id, granted.map(firstInterval));
  const { types } = await findChoice(tx, { environmentId: id.environmentId, provider: provider.slug });
  const resources = wantedResources(provider, { ...connection, chosen_types: types }).filter(isDiscoverable);
  const look: Look = { kind: "connect", connection, resources, now: new Date() };
  await createTasksFor(tx, queue, look, await uncoveredOf(tx, look));
}

/**
 * Creates tasks for what may be new of these resources since the last request, and for days that were never
 * answered. Where there is an index, it is requested instead.
 */
export async function createNewsTasks(tx: DatabaseTransaction, queue: Queue, look: Look): Promise<void> {
  const found = await uncoveredOf(tx, look);
  await createTasksFor(tx, queue, look, found.map(byIndex));
}

interface UncoveredResource extends Uncovered {
  readonly resource: DiscoverableResource;
  /** Whether it was requested before, so that new data counts as news. */
  readonly isKnown: boolean;
  /** The open fetches that come as soon as this task would. */
  readonly soon: readonly TaskFetch[];
}

async function uncoveredOf(
  tx: DatabaseTransaction,
  { kind, connection, resources, now }: Look,
): Promise<UncoveredResource[]> {
  const id = connectionIdOf(connection);
  const open = await listOpenFetches(tx, id);
  // Data that a person waits for must not wait for tasks that nobody waits for.
  const soon = open.filter(({ priority }) => priority >= priorityOfTask({ kind }));
  const coverage = new Map((await listCoverage(tx, id)).map((one) => [one.resource, one]));
  return resources.map((resource) => {
    const { days, askedUntil } = coverage.get(resource.name) ?? never;
    return {
      resource,
      isKnown: askedUntil !== null,
      soon,
      ...uncovered(resource, { days, askedUntil, open, soon }, now),
    };
  });
}

const never: Pick<Coverage, "days" | "askedUntil"> = { days: [], askedUntil: null };

function byIndex(found: UncoveredResource): UncoveredResource {
  const { index } = found.resource.discovery;
  const [newest] = found.recent;
  if (index === null || !found.isKnown || newest?.covers === undefined) return found;
  const from = found.recent.at(-1)?.covers?.from ?? newest.covers.from;
  const asked = { ...index, covers: { ...newest.covers, from } };
  return { ...found, recent: isIncluded(asked, found.soon) ? [] : [asked] };
}

async function createTasksFor(
  tx: DatabaseTransaction,
  queue: Queue,
  { kind, connection }: Look,
  found: readonly UncoveredResource[],
): Promise<void> {
  const person = taskFor(connection);
  // A resource requested for the first time has no news, whatever the reason for the request.
  const news = found.filter(({ isKnown }) => isKnown || kind === "connect");
  const newest = news.flatMap(({ recent }) => recent.slice(0, 1));
  const backfills = older(found, news).flatMap((fetches, step) => {
    const startAfter = new Date(Date.now() + (step + 1) * stepMs);
    return sameDays(fetches).map((some) => ({
      ...person,
      kind: "backfill" as const,
      fetches: some,
      startAfter,
    }));
  });
  const first = newest.length > 0 ? [{ ...person, kind, fetches: newest }] : [];
  await createTasks(tx, queue, [...first, ...backfills]);
}

/** Returns the older ranges by their distance from today: the nearest range of every resource, then the next ones. */
function older(found: readonly UncoveredResource[], news: readonly UncoveredResource[]): TaskFetch[][] {
  const queues = found.map((one) => [...one.recent.slice(news.includes(one) ? 1 : 0), ...one.older]);
  const longest = Math.max(0, ...queues.map(({ length }) => length));
  return Array.from({ length: longest }, (_, step) =>
    queues.flatMap((fetches) => fetches.slice(step, step + 1)),
  );
}

/** Returns the fetches of the same days together, so that a record with parts of several of them is made once. */
function sameDays(fetches: readonly TaskFetch[]): TaskFetch[][] {
  const days = ({ covers }: TaskFetch): unknown =>
    covers === undefined ? {} : `${covers.from} ${covers.to}`;
  return [...Map.groupBy(fetches, days).values()];
}
