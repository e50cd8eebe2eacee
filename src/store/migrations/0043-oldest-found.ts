/** The oldest day for which a provider had data, where only empty answers show how far back its data goes. */
import type { Migration } from "./migration.ts";

export const oldestFound: Migration = {
  number: 43,
  name: "oldest-found",
  statements: ["ALTER TABLE coverage ADD COLUMN oldest_found date"],
};
