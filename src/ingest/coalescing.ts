/** Keeps an announcement that is repeated before it was fetched, without a task of its own. */
import { findStandIns } from "../store/announcements.ts";
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
  const held = await findStandIns(tx, notifications);
  const standIns = new Map<string, string>();
  return notifications.map((notification, index) => {
    const identified = { ...notification, notificationId: newId(), taskId: newId() };
    // A notification that carries information of its own is never a repetition.
    if (notification.state !== "accepted" || notification.task !== undefined) return identified;
    const announcement = announcementOf(notification);
    const standIn = held.get(index) ?? standIns.get(announcement);
    if (standIn !== undefined) return repetition(identified, standIn);
    standIns.set(announcement, identified.taskId);
    return identified;
  });
}

const announcementOf = ({ environmentId, provider, providerUserId, fetches }: NewNotification): string =>
  JSON.stringify([environmentId, provider, providerUserId, fetches]);

const repetition = (notification: IdentifiedNotification, standIn: string): IdentifiedNotification => ({
  ...notification,
  state: "ignored",
  code: "NOTIFICATION_COALESCED",
  details: { coalesced_with: standIn },
});
