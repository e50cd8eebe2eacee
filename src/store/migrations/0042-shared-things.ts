/** When a part's thing began, and the record it belongs to where that is not its own: several APIs may tell of one. */
import type { Migration } from "./migration.ts";

export const sharedThings: Migration = {
  number: 42,
  name: "shared-things",
  statements: ["ALTER TABLE raw_parts ADD COLUMN starts_at timestamptz, ADD COLUMN record_key text"],
};
