/** Whether a notification is being fetched at the moment: only one that is not can stand in for its repetitions. */
import type { Migration } from "./migration.ts";

export const notificationTries: Migration = {
  number: 14,
  name: "notification-tries",
  statements: [
    "ALTER TABLE notifications ADD COLUMN begun_at timestamptz",
    // Nobody knows whether an open one is being fetched at this moment; its next try will tell.
    "UPDATE notifications SET begun_at = now() WHERE state = 'accepted'",
    `CREATE INDEX notifications_not_begun
      ON notifications (environment_id, provider, provider_user_id, notification_id)
      WHERE origin = 'provider' AND state IN ('accepted', 'waiting') AND begun_at IS NULL`,
  ],
};
