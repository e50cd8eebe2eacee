/** Tries to read a raw payload are counted before they begin. */
import type { Migration } from "./migration.ts";

export const parsing: Migration = {
  number: 7,
  name: "parsing",
  statements: ["ALTER TABLE raw_payloads ADD COLUMN parse_tries smallint NOT NULL DEFAULT 0"],
};
