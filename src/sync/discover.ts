/** Creates the tasks for data that a connection may have and we lack: at first everything, later what is new. */
import type { Provider } from "../providers/provider.ts";
import { type Connection, type ConnectionId, connectionIdOf } from "../store/connections.ts";
import {
  type Coverage,
  keepPace,
  listCoverage,
  openCoverage,
  postponeReconciling,
} from "../store/coverage.ts";
import { findChoice } from "../store/data-choices.ts";
import { earlierDay } from "../store/days.ts";
import { listFailedFetches, listOpenFetches, type OpenFetch, priorityOfTask } from "../store/fetch-tasks.ts";
import type { Queue } from "../store/queue.ts";
import { priorityOf } from "../store/ranks.ts";
import type { DatabaseTransaction, TaskFetch } from "../store/tables.ts";
import { type DiscoverableResource, isIncluded, type Uncovered, uncovered } from "./coverage.ts";
import { createTasks, taskFor, type WantedTask } from "./create-tasks.ts";
import { discoverableFor } from "./discoverable.ts";
import { firstInterval, paceOf } from "./pace.ts";
import { grantedResources, wantedResources } from "./wanted.ts";

/** The time that a call of older data is given, so that the newest data arrives first and few tasks are due at once. */
const stepMs = 1_000;
/**
 * How many fetches of older data wait for one person at most, with what follows from them. The next ones are planned
 * when only a few are left: all of a person's history may be thousands.
 */
const mostWaiting = 120;
const fewWaiting = 40;
/**
 * How many fetches of older data may fail and be tried later while history goes on behind them: a year of days. More are
 * an outage, in which planning would not help.
 */
const mostFailing = 365;
/**
 * How long days whose fetch was given up are left out of the next steps, and of looks that come every few minutes; and
 * for how long such looks leave out the newest days. Other looks are hours apart, and ask for them again.
 */
const givenUpMs = 24 * 3_600_000;
const givenUpNewestMs = 3_600_000;

/** The connection to look at, the reason, and the resources. */
export interface Look {
  readonly kind: "connect" | "refresh" | "reconcile" | "backfill";
  readonly connection: Connection;
  readonly resources: readonly DiscoverableResource[];
  readonly now: Date;
}

/**
 * Creates a new connection's tasks: the newest data of all resources in one task, so that related data
 * becomes one revision; the newest of the older data in one task for each range, and the rest later. A person who
 * returns is asked only for the gap, and one who grants more only for the newly granted data.
 */
export async function createFirstTasks(
  tx: DatabaseTransaction,
  queue: Queue,
  { provider, connection }: { readonly provider: Provider; readonly connection: Connection },
): Promise<void> {
  const id = connectionIdOf(connection);
  const granted = discoverableFor(provider, connection, grantedResources(provider, connection));
  // Nothing is known of what is not chosen: once it is, it is due.
  await openCoverage(tx, id, granted.map(firstInterval));
  await keepPaces(tx, id, granted);
  const { types } = await findChoice(tx, { environmentId: id.environmentId, provider: provider.slug });
  const wanted = wantedResources(provider, { ...connection, chosen_types: types });
  const resources = discoverableFor(provider, connection, wanted);
  // All of these are requested now. Without this, a person who was away for long would be asked twice at once.
  await postponeReconciling(
    tx,
    id,
    resources.map(({ name }) => name),
  );
  const look: Look = { kind: "connect", connection, resources, now: new Date() };
  const { found, open } = await uncoveredOf(tx, look);
  await createTasksFor(tx, queue, look, { found, open });
}

/**
 * Keeps to the paces of resources that notifications of another API announce: the person may have given or lost that API
 * since.
 */
export async function keepPaces(
  tx: DatabaseTransaction,
  id: ConnectionId,
  resources: readonly DiscoverableResource[],
): Promise<void> {
  for (const resource of resources.filter(({ discovery }) => discovery.announcedBy !== undefined)) {
    await keepPace(tx, id, { ...firstInterval(resource), pace: paceOf(resource.discovery) });
  }
}

/**
 * Creates tasks for what may be new of these resources since the last request, and for days that were never
 * answered. Where there is an index, it is requested instead.
 */
export async function createNewsTasks(tx: DatabaseTransaction, queue: Queue, look: Look): Promise<void> {
  const { found, open } = await uncoveredOf(tx, look);
  await createTasksFor(tx, queue, look, { found: found.map(byIndex), open });
}

/** Creates the next tasks for days that were never answered, if few such tasks are left. */
export async function createHistoryTasks(tx: DatabaseTransaction, queue: Queue, look: Look): Promise<void> {
  const { found, open } = await uncoveredOf(tx, look);
  await createTasks(tx, queue, historyTasks(look, { found, open }, { news: [], before: 0 }));
}

interface UncoveredResource extends Uncovered {
  readonly resource: DiscoverableResource;
  /** Whether it was requested before, so that new data counts as news. */
  readonly isKnown: boolean;
  readonly isUnavailable: boolean;
  /** The open fetches that come as soon as this task would. */
  readonly soon: readonly TaskFetch[];
}

interface Found {
  readonly found: readonly UncoveredResource[];
  /** All open fetches of the connection. */
  readonly open: readonly OpenFetch[];
}

async function uncoveredOf(
  tx: DatabaseTransaction,
  { kind, connection, resources, now }: Look,
): Promise<Found> {
  const id = connectionIdOf(connection);
  const open = await listOpenFetches(tx, id);
  const failed = await listFailedFetches(tx, id, earlier(now, givenUpMs));
  const failedLately = failed.filter(({ finishedAt }) => finishedAt >= earlier(now, givenUpNewestMs));
  // Data that a person waits for must not wait for tasks that nobody waits for.
  const sooner = open.filter(({ priority }) => priority >= priorityOfTask({ kind }));
  const coverage = new Map((await listCoverage(tx, id)).map((one) => [one.resource, one]));
  const found = resources.map((resource) => {
    const { days, askedUntil, oldestFound, unavailable } = coverage.get(resource.name) ?? never;
    const isUnavailable = unavailable !== null;
    const isPolled = resource.discovery.polling !== undefined;
    const soon = isPolled && kind === "reconcile" ? [...sooner, ...failedLately] : sooner;
    const left = kind === "backfill" || (isPolled && kind !== "connect") ? failed : [];
    const known = { days, askedUntil, oldestFound, open, soon, failed: left, isUnavailable };
    return {
      resource,
      isKnown: askedUntil !== null,
      isUnavailable,
      soon,
      ...uncovered(resource, known, now),
    };
  });
  return { found, open };
}

const earlier = (now: Date, ms: number): Date => new Date(now.getTime() - ms);

const never: Pick<Coverage, "days" | "askedUntil" | "oldestFound" | "unavailable"> = {
  days: [],
  askedUntil: null,
  oldestFound: null,
  unavailable: null,
};

/** An index lists everything that may be new. */
function byIndex(found: UncoveredResource): UncoveredResource {
  const { index } = found.resource.discovery;
  const [newest] = found.recent;
  const { since } = found;
  if (index === null || since === null || newest?.covers === undefined) return found;
  const asked = { ...index, covers: { ...newest.covers, from: earlierDay(since, newest.covers.from) } };
  return {
    ...found,
    recent: isIncluded(asked, found.soon) ? [] : [asked],
    again: [],
    older: found.older.filter(({ covers }) => covers === undefined || covers.to < since),
  };
}

async function createTasksFor(tx: DatabaseTransaction, queue: Queue, look: Look, all: Found): Promise<void> {
  const { kind, connection } = look;
  const person = taskFor(connection);
  // A resource requested for the first time has no news, whatever the reason for the request; of one that was
  // unavailable, the newest days tell whether it still is.
  const news = all.found.filter((one) => one.isKnown || one.isUnavailable || kind === "connect");
  const newest = news.flatMap(({ recent }) => recent);
  const first = newest.length > 0 ? [{ ...person, kind, fetches: newest }] : [];
  const grown = byStep(news.map((one) => one.again));
  const again = spread(grown, 0).map((task) => ({
    ...person,
    ...task,
    kind: "backfill" as const,
    rank: "reconcile" as const,
  }));
  await createTasks(tx, queue, [
    ...first,
    ...again,
    ...historyTasks(look, all, { news, before: grown.length }),
  ]);
}

/**
 * Returns tasks for older data, newest first: as many as may wait, and none while more than a few are waiting. They start
 * after so many other fetches. The newest days of what is no news are older data, too.
 */
function historyTasks(
  { connection }: Look,
  { found, open }: Found,
  { news, before }: { readonly news: readonly UncoveredResource[]; readonly before: number },
): WantedTask[] {
  if (hasEnoughWaiting(open)) return [];
  const waiting = waitingOf(open);
  const isOld = (one: UncoveredResource) => news.includes(one) || one.isKnown || one.isUnavailable;
  const fetches = byStep(found.map((one) => (isOld(one) ? one.older : [...one.recent, ...one.older])));
  return spread(fetches.slice(0, mostWaiting - waiting), waiting + before).map((task) => ({
    ...taskFor(connection),
    ...task,
    kind: "backfill" as const,
  }));
}

/** Whether the next step of a person's older data has time. What follows from older data counts. */
export const hasEnoughWaiting = (open: readonly OpenFetch[]): boolean => waitingOf(open) >= fewWaiting;

/** What failed and is tried later holds nothing back: it may go on failing for a day. */
function waitingOf(open: readonly OpenFetch[]): number {
  const old = open.filter(({ priority }) => priority === priorityOf("backfill"));
  const failing = old.filter(({ attempts }) => attempts > 0).length;
  return old.length - Math.min(failing, mostFailing);
}

/** Returns ranges by their distance from today: the nearest range of every resource, then the next ones. */
function byStep(queues: readonly (readonly TaskFetch[])[]): TaskFetch[] {
  const longest = Math.max(0, ...queues.map(({ length }) => length));
  return Array.from({ length: longest }, (_, step) =>
    queues.flatMap((fetches) => fetches.slice(step, step + 1)),
  ).flat();
}

/**
 * Returns tasks that start one after the other, behind so many fetches before them. Fetches of the same days are one
 * task, so that a record with parts of several of them is made once.
 */
function spread(fetches: readonly TaskFetch[], before: number): Pick<WantedTask, "fetches" | "startAfter">[] {
  let behind = before;
  return sameDays(fetches).map((some) => {
    const startAfter = new Date(Date.now() + (behind + 1) * stepMs);
    behind += some.length;
    return { fetches: some, startAfter };
  });
}

function sameDays(fetches: readonly TaskFetch[]): TaskFetch[][] {
  const days = ({ covers }: TaskFetch): unknown =>
    covers === undefined ? {} : `${covers.from} ${covers.to}`;
  return [...Map.groupBy(fetches, days).values()];
}
