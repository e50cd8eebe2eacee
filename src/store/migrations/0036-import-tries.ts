/** How often reading an uploaded file has begun: apart from its raw payload's tries, which its records count. */
import type { Migration } from "./migration.ts";

export const importTries: Migration = {
  number: 36,
  name: "import-tries",
  statements: ["ALTER TABLE uploads ADD COLUMN tries smallint NOT NULL DEFAULT 0"],
};
