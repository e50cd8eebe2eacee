/** Large bodies are kept outside of the database, and what is to be removed there is written down. */
import type { Migration } from "./migration.ts";

export const bodyStore: Migration = {
  number: 32,
  name: "body-store",
  statements: [
    // A body outside may be longer than an integer counts; the former column would have to be rewritten with the table.
    `ALTER TABLE raw_payloads ALTER COLUMN body DROP NOT NULL, ALTER COLUMN body_bytes DROP NOT NULL,
      ADD COLUMN body_key text, ADD COLUMN outside_bytes bigint`,
    `CREATE TABLE body_removals (
      environment_id uuid NOT NULL,
      body_key text NOT NULL,
      due_at timestamptz NOT NULL,
      PRIMARY KEY (environment_id, body_key)
    )`,
  ],
};
