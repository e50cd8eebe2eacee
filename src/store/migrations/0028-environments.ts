/**
 * Gives every environment a stage, keys an end, and sessions the way they were opened. Until now the dashboard read
 * the stage off the name: that guess is carried over.
 */
import type { Migration } from "./migration.ts";

const words = "translate(lower(dev_id || ' ' || name), '_-', '  ')";

export const environments: Migration = {
  number: 28,
  name: "environments",
  statements: [
    `ALTER TABLE environments ADD COLUMN stage text NOT NULL DEFAULT 'testing'
      CHECK (stage IN ('testing', 'staging', 'production'))`,
    `UPDATE environments SET stage = CASE
      WHEN ${words} ~ '\\y(prod|production|live)\\y' THEN 'production'
      WHEN ${words} ~ '\\y(stag|stage|staging|preprod)\\y' THEN 'staging'
      ELSE 'testing' END`,
    "ALTER TABLE api_keys ADD COLUMN expires_at timestamptz",
    "ALTER TABLE account_sessions ADD COLUMN by_link boolean NOT NULL DEFAULT false",
  ],
};
