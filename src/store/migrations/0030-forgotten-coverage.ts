/** When something was last left out of a resource: a request that began before says nothing about its days. */
import type { Migration } from "./migration.ts";

export const forgottenCoverage: Migration = {
  number: 30,
  name: "forgotten-coverage",
  statements: ["ALTER TABLE coverage ADD COLUMN forgotten_at timestamptz"],
};
