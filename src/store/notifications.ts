/** Notifications: messages from providers, as they arrived, and the tasks made of them. */

import { type NewTask, taskRow } from "./fetch-tasks.ts";
import { newId } from "./identifiers.ts";
import type { DatabaseOrTransaction, NotificationState, TaskFetch } from "./tables.ts";

export interface NewNotification {
  /** A new one when absent. */
  readonly notificationId?: string;
  readonly environmentId: string;
  readonly provider: string;
  readonly state: NotificationState;
  readonly traceId: string;
  readonly event: string | null;
  readonly providerUserId: string | null;
  /** The things it names. Not stored with it: the tasks of an accepted one have them. */
  readonly fetches: readonly TaskFetch[];
  /** The task of an accepted one; `announced` when absent. */
  readonly task?: Pick<NewTask, "kind" | "body">;
  readonly body: Buffer | null;
  readonly code?: string;
  readonly details?: Record<string, unknown>;
}

/** Writes any number of notifications and their fetch tasks with one statement. */
export async function insertNotifications(
  db: DatabaseOrTransaction,
  notifications: readonly NewNotification[],
  tasks: readonly NewTask[] = [],
): Promise<void> {
  const now = new Date();
  const rows = notifications.map((notification) => notificationRow(notification, now));
  if (tasks.length === 0) {
    await db.insertInto("notifications").values(rows).execute();
    return;
  }
  await db
    .with("received", (cte) => cte.insertInto("notifications").values(rows))
    .insertInto("fetch_tasks")
    .values(tasks.map((task) => taskRow(task, now)))
    .execute();
}

const notificationRow = (notification: NewNotification, now: Date) => ({
  environment_id: notification.environmentId,
  notification_id: notification.notificationId ?? newId(),
  provider: notification.provider,
  state: notification.state,
  event: notification.event,
  provider_user_id: notification.providerUserId,
  body: notification.body,
  trace_id: notification.traceId,
  code: notification.code ?? null,
  details: notification.details ? JSON.stringify(notification.details) : null,
  received_at: now,
});
