/** Lets a row of `raw_parts` say that the part was deleted at the provider: then it has no payload. */
import type { Migration } from "./migration.ts";

export const deletedParts: Migration = {
  number: 24,
  name: "deleted-parts",
  statements: ["ALTER TABLE raw_parts ALTER COLUMN raw_payload_id DROP NOT NULL"],
};
