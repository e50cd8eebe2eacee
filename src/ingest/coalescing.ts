/** Keeps an announcement that is repeated before it was fetched, without a task of its own. */
import { newId } from "../store/identifiers.ts";
import type { NewNotification } from "../store/notifications.ts";

export interface IdentifiedNotification extends NewNotification {
  readonly notificationId: string;
  /** The id of the task that an accepted notification gets. */
  readonly taskId: string;
}

/**
 * Returns the notifications with their ids, in order; repetitions as `ignored`. The caller holds the locks of
 * their accounts and inserts them in the same transaction, so no other process looks for an open task before
 * that.
 * @param coveredBy the open task that covers a notification, if there is one
 */
export function coalesce(
  notifications: readonly NewNotification[],
  coveredBy: (notification: NewNotification) => string | null,
): IdentifiedNotification[] {
  const covering = new Map<string, string>();
  return notifications.map((notification) => {
    const identified = { ...notification, notificationId: newId(), taskId: newId() };
    if (!mayRepeat(notification)) return identified;
    const announcement = announcementOf(notification);
    const task = coveredBy(notification) ?? covering.get(announcement);
    if (task !== undefined) return repetition(identified, task);
    covering.set(announcement, identified.taskId);
    return identified;
  });
}

/** Whether it may be a repetition: one that carries information of its own never is. */
export const mayRepeat = ({ state, task }: NewNotification): boolean =>
  state === "accepted" && task === undefined;

const announcementOf = ({ environmentId, provider, providerUserId, fetches }: NewNotification): string =>
  JSON.stringify([environmentId, provider, providerUserId, fetches]);

const repetition = (notification: IdentifiedNotification, coveredBy: string): IdentifiedNotification => ({
  ...notification,
  state: "ignored",
  code: "NOTIFICATION_COALESCED",
  details: { coalesced_with: coveredBy },
});
