/** Keeps an announcement that is repeated before it was fetched, without a task of its own. */
import { findCoveringTasks } from "../store/announcements.ts";
import { newId } from "../store/identifiers.ts";
import type { NewNotification } from "../store/notifications.ts";
import type { DatabaseTransaction } from "../store/tables.ts";

export interface IdentifiedNotification extends NewNotification {
  readonly notificationId: string;
  /** The id of the task that an accepted notification gets. */
  readonly taskId: string;
}

/**
 * Returns the notifications with their ids, in order; repetitions as `ignored`. The caller holds the locks of
 * their accounts and inserts them in the same transaction, so no other process looks for an open task before
 * that.
 */
export async function coalesce(
  tx: DatabaseTransaction,
  notifications: readonly NewNotification[],
): Promise<IdentifiedNotification[]> {
  const held = await findCoveringTasks(tx, notifications);
  const covering = new Map<string, string>();
  return notifications.map((notification, index) => {
    const identified = { ...notification, notificationId: newId(), taskId: newId() };
    // A notification that carries information of its own is never a repetition.
    if (notification.state !== "accepted" || notification.task !== undefined) return identified;
    const announcement = announcementOf(notification);
    const coveredBy = held.get(index) ?? covering.get(announcement);
    if (coveredBy !== undefined) return repetition(identified, coveredBy);
    covering.set(announcement, identified.taskId);
    return identified;
  });
}

const announcementOf = ({ environmentId, provider, providerUserId, fetches }: NewNotification): string =>
  JSON.stringify([environmentId, provider, providerUserId, fetches]);

const repetition = (notification: IdentifiedNotification, coveredBy: string): IdentifiedNotification => ({
  ...notification,
  state: "ignored",
  code: "NOTIFICATION_COALESCED",
  details: { coalesced_with: coveredBy },
});
