/** Tasks for what a connection may have that we do not: all of it at first, what is new ever after. */
import type { Provider } from "../providers/provider.ts";
import type { Connection } from "../store/connections.ts";
import { type Coverage, listCoverage, openCoverage } from "../store/coverage.ts";
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
import { grantedResources } from "./granted.ts";

/** Older stretches begin this much after each other, so that what is newest is there first. */
const stepMs = 1_000;

/** Who looks for what is new, and of what. */
interface Look {
  readonly kind: "connect" | "refresh" | "reconcile";
  readonly connection: Connection;
  readonly resources: readonly DiscoverableResource[];
  readonly now: Date;
}

/**
 * What is newest of everything in one task, so that what belongs together becomes one revision; what is
 * further back in one task for each stretch. Somebody who comes back is asked for the gap only, and somebody who
 * grants more for what that opens.
 */
export async function createFirstTasks(
  tx: DatabaseTransaction,
  queue: Queue,
  { provider, connection }: { readonly provider: Provider; readonly connection: Connection },
): Promise<void> {
  const id = { environmentId: connection.environment_id, userId: connection.user_id };
  const resources = grantedResources(provider, connection).filter(isDiscoverable);
  await openCoverage(tx, id, resources.map(firstInterval));
  const look: Look = { kind: "connect", connection, resources, now: new Date() };
  await createTasksFor(tx, queue, look, await uncoveredOf(tx, look));
}

/**
 * What may be new of these resources since they were last asked for, and what was never answered. Where there
 * is an index it is asked instead.
 */
export async function createNewsTasks(tx: DatabaseTransaction, queue: Queue, look: Look): Promise<void> {
  const found = await uncoveredOf(tx, look);
  await createTasksFor(tx, queue, look, found.map(byIndex));
}

interface UncoveredResource extends Uncovered {
  readonly resource: DiscoverableResource;
  /** It was asked for before, so that what is new now is news. */
  readonly isKnown: boolean;
  /** What there is a task for already that comes as soon. */
  readonly soon: readonly TaskFetch[];
}

async function uncoveredOf(
  tx: DatabaseTransaction,
  { kind, connection, resources, now }: Look,
): Promise<UncoveredResource[]> {
  const id = { environmentId: connection.environment_id, userId: connection.user_id };
  const open = await listOpenFetches(tx, id);
  // What somebody waits for does not wait for what nobody does.
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
  // What was never asked for is no news, whoever asks for it first.
  const news = found.filter(({ isKnown }) => isKnown || kind === "connect");
  const newest = news.flatMap(({ recent }) => recent.slice(0, 1));
  const backfills = older(found, news).flatMap((fetches, step) => {
    const startAfter = new Date(Date.now() + (step + 1) * stepMs);
    return fetches.map((fetch) => ({ ...person, kind: "backfill" as const, fetches: [fetch], startAfter }));
  });
  const first = newest.length > 0 ? [{ ...person, kind, fetches: newest }] : [];
  await createTasks(tx, queue, [...first, ...backfills]);
}

/** By their distance from today: the next of every resource, then the ones after that. */
function older(found: readonly UncoveredResource[], news: readonly UncoveredResource[]): TaskFetch[][] {
  const queues = found.map((one) => [...one.recent.slice(news.includes(one) ? 1 : 0), ...one.older]);
  const longest = Math.max(0, ...queues.map(({ length }) => length));
  return Array.from({ length: longest }, (_, step) =>
    queues.flatMap((fetches) => fetches.slice(step, step + 1)),
  );
}
