/** The same announcement, made again before it was fetched, is kept and makes no fetch of its own. */
import { newId } from "../store/identifiers.ts";
import { findStandIns } from "../store/notification-tries.ts";
import type { NewNotification } from "../store/notifications.ts";
import type { DatabaseTransaction } from "../store/tables.ts";

export type IdentifiedNotification = NewNotification & { readonly notificationId: string };

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
    const identified = { ...notification, notificationId: newId() };
    if (!isToBeFetched(notification)) return identified;
    const announcement = announcementOf(notification);
    const standIn = held.get(index) ?? standIns.get(announcement);
    if (standIn !== undefined) return repetition(identified, standIn);
    standIns.set(announcement, identified.notificationId);
    return identified;
  });
}

const isToBeFetched = ({ state }: NewNotification): boolean => state === "accepted" || state === "waiting";

const announcementOf = ({ environmentId, provider, providerUserId, fetches }: NewNotification): string =>
  JSON.stringify([environmentId, provider, providerUserId, fetches]);

const repetition = (notification: IdentifiedNotification, standIn: string): IdentifiedNotification => ({
  ...notification,
  state: "ignored",
  code: "NOTIFICATION_COALESCED",
  details: { coalesced_with: standIn },
});
