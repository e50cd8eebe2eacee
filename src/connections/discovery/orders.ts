/** Orders for what a connection may have that we do not: all of it at first, what is new ever after. */

import type { Provider } from "../../providers/provider.ts";
import type { Connection } from "../../store/connections.ts";
import { type Coverage, listCoverage, openCoverage } from "../../store/coverage.ts";
import { type Errand, listOpenErrands, priorityOfNotification } from "../../store/notifications.ts";
import type { Queue } from "../../store/queue.ts";
import type { DatabaseTransaction } from "../../store/tables.ts";
import { placeOrder } from "../orders.ts";
import { type Chunks, chunksOf, type DiscoverableResource, isDiscoverable, isOrdered } from "./chunks.ts";
import { firstInterval } from "./intervals.ts";

export const reconcileEvent = "RECONCILE";
export const connectedEvent = "CONNECTED";
export const backfillEvent = "BACKFILL";
export const refreshEvent = "REFRESH";

/** Older chunks begin this much after each other, so that what is newest is there first. */
const stepMs = 1_000;

type Placing = Pick<Parameters<typeof placeOrder>[2], "origin" | "event">;

/**
 * What is newest of everything in one order, so that what belongs together becomes one revision; what is
 * further back in one order for each stretch. Somebody who comes back is asked for the gap only.
 */
export async function orderAll(
  tx: DatabaseTransaction,
  queue: Queue,
  provider: Provider,
  connection: Connection,
  now: Date,
): Promise<void> {
  const id = { environmentId: connection.environment_id, userId: connection.user_id };
  const resources = provider.resources.filter(isDiscoverable);
  await openCoverage(tx, id, resources.map(firstInterval));
  const placing = { origin: "connect", event: connectedEvent } as const;
  const chunks = await chunksByResource(tx, connection, resources, now, placing);
  await orderChunks(tx, queue, connection, chunks, placing);
}

/**
 * What may be new of these resources since they were last asked for, and what was never answered. Where there
 * is an index it is asked instead.
 */
export async function orderNews(
  tx: DatabaseTransaction,
  queue: Queue,
  connection: Connection,
  resources: readonly DiscoverableResource[],
  now: Date,
  placing: Placing,
): Promise<void> {
  const chunks = await chunksByResource(tx, connection, resources, now, placing);
  await orderChunks(tx, queue, connection, chunks.map(byIndex), placing);
}

export const reconciling: Placing = { origin: "reconcile", event: reconcileEvent };
export const refreshing: Placing = { origin: "request", event: refreshEvent };

interface ResourceChunks extends Chunks {
  readonly resource: DiscoverableResource;
  /** It was asked for before, so that what is new now is news. */
  readonly isKnown: boolean;
  /** What is ordered already and as soon. */
  readonly soon: readonly Errand[];
}

async function chunksByResource(
  tx: DatabaseTransaction,
  connection: Connection,
  resources: readonly DiscoverableResource[],
  now: Date,
  placing: Placing,
): Promise<ResourceChunks[]> {
  const id = { environmentId: connection.environment_id, userId: connection.user_id };
  const open = await listOpenErrands(tx, id);
  // What somebody waits for does not wait for what nobody does.
  const soon = open.filter(({ priority }) => priority >= priorityOfNotification(placing));
  const coverage = new Map((await listCoverage(tx, id)).map((one) => [one.resource, one]));
  return resources.map((resource) => {
    const { days, askedUntil } = coverage.get(resource.name) ?? never;
    return {
      resource,
      isKnown: askedUntil !== null,
      soon,
      ...chunksOf(resource, { days, askedUntil, open, soon }, now),
    };
  });
}

const never: Pick<Coverage, "days" | "askedUntil"> = { days: [], askedUntil: null };

function byIndex(chunks: ResourceChunks): ResourceChunks {
  const { index } = chunks.resource.discovery;
  const [newest] = chunks.recent;
  if (index === null || !chunks.isKnown || newest?.covers === undefined) return chunks;
  const from = chunks.recent.at(-1)?.covers?.from ?? newest.covers.from;
  const asked = { ...index, covers: { ...newest.covers, from } };
  return { ...chunks, recent: isOrdered(asked, chunks.soon) ? [] : [asked] };
}

async function orderChunks(
  tx: DatabaseTransaction,
  queue: Queue,
  connection: Connection,
  chunks: readonly ResourceChunks[],
  placing: Placing,
): Promise<void> {
  const person = {
    environmentId: connection.environment_id,
    userId: connection.user_id,
    provider: connection.provider,
    providerUserId: connection.provider_user_id,
  };
  const isFirst = placing.origin === "connect";
  // What was never asked for is no news, whoever asks for it first.
  const news = chunks.filter(({ isKnown }) => isKnown || isFirst);
  const newest = news.flatMap(({ recent }) => recent.slice(0, 1));
  if (newest.length > 0) await placeOrder(tx, queue, { ...person, ...placing, fetches: newest });
  for (const [step, errands] of older(chunks, news).entries()) {
    for (const errand of errands) {
      const order = { ...person, origin: "backfill", event: backfillEvent, fetches: [errand] } as const;
      await placeOrder(tx, queue, order, new Date(Date.now() + (step + 1) * stepMs));
    }
  }
}

/** By their distance from today: the next of every resource, then the ones after that. */
function older(chunks: readonly ResourceChunks[], news: readonly ResourceChunks[]): Errand[][] {
  const queues = chunks.map((one) => [...one.recent.slice(news.includes(one) ? 1 : 0), ...one.older]);
  const longest = Math.max(0, ...queues.map(({ length }) => length));
  return Array.from({ length: longest }, (_, step) =>
    queues.flatMap((errands) => errands.slice(step, step + 1)),
  );
}
