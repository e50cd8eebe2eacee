/** The same announcement, made again before it was fetched, is kept and makes no task of its own. */
import { findStandIns } from "../store/announcements.ts";
import { newId } from "../store/identifiers.ts";
import type { NewNotification } from "../store/notifications.ts";
import type { DatabaseTransaction } from "../store/tables.ts";

export interface IdentifiedNotification extends NewNotification {
  readonly notificationId: string;
  /** Of the task that an accepted one gets. */
  readonly taskId: string;
}

/**
 * Returns the notifications with their ids, in order, the repetitions as `ignored`. The caller holds the locks
 * of their accounts and inserts them in the same transaction: until then no other process looks for stand-ins.
 */
export async function coalesce(
  tx: DatabaseTransaction,
  notifications: readonly NewNotification[],
): Promise<IdentifiedNotification[]> {
  const held = await findStandIns(tx, notifications);
  const standIns = new Map<string, string>();
  return notifications.map((notification, index) => {
    const identified = { ...notification, notificationId: newId(), taskId: newId() };
    // What says something of its own is no repetition, even of the same.
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
