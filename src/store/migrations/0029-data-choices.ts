/** The data types of a provider that an environment handles, and whether its events have samples. */
import type { Migration } from "./migration.ts";

export const dataChoices: Migration = {
  number: 29,
  name: "data-choices",
  statements: [
    `ALTER TABLE provider_configs
      ADD COLUMN data_types text[] CHECK (cardinality(data_types) > 0),
      ADD COLUMN samples boolean NOT NULL DEFAULT true`,
  ],
};
