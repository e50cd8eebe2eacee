/**
 * What Systole asks for by itself goes the way of a provider's notifications: the same row, states, retries
 * and traces.
 */
import type { Connection, ConnectionId } from "../store/connections.ts";
import {
  bringForward,
  type Errand,
  insertNotifications,
  priorityOfNotification,
  reviveWaiting,
} from "../store/notifications.ts";
import type { Queue } from "../store/queue.ts";
import { priorityOf, type Rank } from "../store/ranks.ts";
import type { DatabaseTransaction, NotificationOrigin } from "../store/tables.ts";
import { newTraceId } from "../telemetry/trace.ts";

export interface Order {
  readonly environmentId: string;
  readonly provider: string;
  readonly providerUserId: string | null;
  /** Only this connection; every one of the provider's user when absent. */
  readonly userId?: string;
  readonly origin: Exclude<NotificationOrigin, "provider">;
  /** How soon it has to be; what its origin says when absent. What completes an announced thing ranks with it. */
  readonly rank?: Rank;
  readonly event: string;
  readonly fetches: readonly Errand[];
  readonly body?: Buffer;
}

/** Written with the caller's transaction; worked at once, or not before `startAfter`. */
export async function placeOrder(
  tx: DatabaseTransaction,
  queue: Queue,
  order: Order,
  startAfter?: Date,
): Promise<void> {
  const notification = {
    body: null,
    ...order,
    state: "accepted" as const,
    traceId: newTraceId(),
    ...(startAfter && { nextAttemptAt: startAfter }),
  };
  const ids = await insertNotifications(tx, [notification]);
  const priority = priorityOfNotification(order);
  const placed = ids.map((notification_id) => ({ notification_id, priority }));
  await enqueue(tx, queue, order.environmentId, placed, startAfter);
}

/** A sealed grant outlives its connection, or was never one's, only in this order, until it has been given back. */
export function orderRevocation(
  tx: DatabaseTransaction,
  queue: Queue,
  connection: Pick<
    Connection,
    "environment_id" | "provider" | "provider_user_id" | "user_id" | "grant_sealed"
  >,
): Promise<void> {
  return placeOrder(tx, queue, {
    environmentId: connection.environment_id,
    provider: connection.provider,
    providerUserId: connection.provider_user_id,
    userId: connection.user_id,
    origin: "request",
    event: "REVOKE",
    fetches: [],
    body: connection.grant_sealed,
  });
}

/** Takes up what was announced for a person while nothing could be fetched for them. */
export async function takeUpWaiting(
  tx: DatabaseTransaction,
  queue: Queue,
  person: { environmentId: string; provider: string; providerUserId: string },
): Promise<void> {
  await enqueue(tx, queue, person.environmentId, await reviveWaiting(tx, person));
}

/** What somebody waits for and is due later is tried now: whoever asks again does so because it may be there. */
export async function hastenOrders(tx: DatabaseTransaction, queue: Queue, id: ConnectionId): Promise<void> {
  await enqueue(tx, queue, id.environmentId, await bringForward(tx, id, priorityOf("request")));
}

async function enqueue(
  tx: DatabaseTransaction,
  queue: Queue,
  environmentId: string,
  notifications: readonly { notification_id: string; priority: number }[],
  startAfter?: Date,
): Promise<void> {
  const jobs = notifications.map(({ notification_id: notificationId, priority }) => ({
    data: { environmentId, notificationId },
    priority,
    ...(startAfter && { startAfter }),
  }));
  await queue.enqueue(tx, "ingest", jobs);
}
