/** What is left of each provider client's limits, and which notifications come first. */
import type { Migration } from "./migration.ts";

export const budgets: Migration = {
  number: 3,
  name: "budgets",
  statements: [
    "ALTER TABLE notifications DROP CONSTRAINT notifications_origin_check",
    `ALTER TABLE notifications ADD CONSTRAINT notifications_origin_check
      CHECK (origin IN ('provider', 'connect', 'request', 'reconcile', 'backfill'))`,
    // 3: announced by a provider, as whatever an older process still inserts; 2: somebody asked (src/store/ranks.ts).
    `ALTER TABLE notifications
      ADD COLUMN priority smallint NOT NULL DEFAULT 3 CHECK (priority BETWEEN 0 AND 3)`,
    "UPDATE notifications SET priority = 2 WHERE origin <> 'provider' AND state IN ('accepted', 'waiting')",

    // A client may serve several environments, so its budget belongs to none of them.
    `CREATE TABLE provider_budgets (
      budget_key bytea PRIMARY KEY,
      provider text NOT NULL,
      api text NOT NULL,
      state jsonb NOT NULL,
      updated_at timestamptz NOT NULL
    )`,
  ],
};
