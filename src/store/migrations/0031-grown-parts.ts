/**
 * Parts that grow are folded from many payloads, which have a place in the order of arrival; the records of changed
 * parts wait in a table until they are made anew.
 */
import type { Migration } from "./migration.ts";

export const grownParts: Migration = {
  number: 31,
  name: "grown-parts",
  statements: [
    // Keys are compared byte by byte, so that the index finds all that begin with a text.
    `CREATE TABLE grown_parts (
      environment_id uuid NOT NULL,
      user_id uuid NOT NULL,
      is_shadow boolean NOT NULL DEFAULT false,
      resource text NOT NULL,
      part_key text COLLATE "C" NOT NULL,
      state bytea NOT NULL,
      content_hash bytea NOT NULL,
      raw_payload_ids uuid[] NOT NULL,
      PRIMARY KEY (environment_id, user_id, is_shadow, resource, part_key)
    )`,
    "ALTER TABLE grown_parts ALTER COLUMN state SET STORAGE EXTERNAL",
    `CREATE TABLE stale_records (
      environment_id uuid NOT NULL,
      user_id uuid NOT NULL,
      type text NOT NULL,
      natural_key text NOT NULL,
      PRIMARY KEY (environment_id, user_id, natural_key, type)
    )`,
    "ALTER TABLE raw_payloads ADD COLUMN fetch_order bigint",
    `CREATE INDEX raw_payloads_order ON raw_payloads (environment_id, user_id, fetch_order)
      WHERE fetch_order IS NOT NULL`,
    `CREATE INDEX raw_payloads_hash ON raw_payloads (environment_id, user_id, resource, sha256)
      WHERE fetch_order IS NOT NULL`,
  ],
};
