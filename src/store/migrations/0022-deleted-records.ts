/** The revisions of deleted records. */
import type { Migration } from "./migration.ts";

export const deletedRecords: Migration = {
  number: 22,
  name: "deleted-records",
  statements: [
    `CREATE TABLE deleted_records (
      environment_id uuid NOT NULL,
      user_id uuid NOT NULL,
      type text NOT NULL,
      natural_key text NOT NULL,
      revision integer NOT NULL,
      deleted_at timestamptz NOT NULL DEFAULT now(),
      PRIMARY KEY (environment_id, user_id, type, natural_key)
    )`,
  ],
};
