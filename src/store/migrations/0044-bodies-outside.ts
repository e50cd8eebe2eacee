/**
 * Record details and event bodies may be outside of the database. What is there has no body in its row, so that a process
 * of a former release, which knows no keys, fails on it and sends nothing wrong. Environments may keep less.
 */
import type { Migration } from "./migration.ts";

export const bodiesOutside: Migration = {
  number: 44,
  name: "bodies-outside",
  statements: [
    "ALTER TABLE records ALTER COLUMN detailed DROP NOT NULL, ADD COLUMN body_key text",
    `ALTER TABLE events ALTER COLUMN body DROP NOT NULL, ADD COLUMN body_key text,
      ADD COLUMN body_head bytea, ADD COLUMN body_tail bytea`,
    `ALTER TABLE environments ADD COLUMN keep_raw_days integer, ADD COLUMN keep_event_days integer,
      ADD COLUMN keep_notification_days integer`,
    // A body is removed when neither its record nor an event has its key.
    "CREATE INDEX records_body ON records (environment_id, body_key) WHERE body_key IS NOT NULL",
    "CREATE INDEX events_body ON events (environment_id, body_key) WHERE body_key IS NOT NULL",
  ],
};
