/** When the key ends that a person pasted, and when the developer was reminded of it. */
import type { Migration } from "./migration.ts";

export const keyEnds: Migration = {
  number: 40,
  name: "key-ends",
  statements: [
    "ALTER TABLE connections ADD COLUMN key_ends_at timestamptz, ADD COLUMN key_reminded_at timestamptz",
    `CREATE INDEX connections_key_ends ON connections (key_ends_at)
      WHERE key_ends_at IS NOT NULL AND key_reminded_at IS NULL AND state = 'active'`,
  ],
};
