/** Which answer brought the content of a part: its files that were fetched earlier may be those of its former content. */
import type { Migration } from "./migration.ts";

export const changedOrder: Migration = {
  number: 50,
  name: "changed-order",
  statements: ["ALTER TABLE raw_parts ADD COLUMN changed_order bigint"],
};
