/** Resources that a person's account does not have. */
import type { Migration } from "./migration.ts";

export const unavailableResources: Migration = {
  number: 39,
  name: "unavailable-resources",
  statements: [
    `ALTER TABLE coverage
      ADD COLUMN unavailable_since timestamptz,
      ADD COLUMN unavailable_at timestamptz,
      ADD COLUMN unavailable_status integer`,
    // A person's older data is planned in steps, which looks for what is open and what was given up.
    `CREATE INDEX fetch_tasks_unfinished_of_user ON fetch_tasks (environment_id, user_id)
      WHERE user_id IS NOT NULL AND state IN ('accepted', 'waiting', 'failed')`,
  ],
};
