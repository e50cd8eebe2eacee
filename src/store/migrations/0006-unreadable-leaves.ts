/** Leaves that a ledger knows and that could not be read are written down as those that no ledger knows. */
import type { Migration } from "./migration.ts";

export const unreadableLeaves: Migration = {
  number: 6,
  name: "unreadable-leaves",
  statements: [
    `ALTER TABLE unknown_leaves
      ADD COLUMN kind text NOT NULL DEFAULT 'unknown' CHECK (kind IN ('unknown', 'unreadable'))`,
    "ALTER TABLE unknown_leaves DROP CONSTRAINT unknown_leaves_pkey",
    "ALTER TABLE unknown_leaves ADD PRIMARY KEY (environment_id, provider, resource, kind, path)",
  ],
};
