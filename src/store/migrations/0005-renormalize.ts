/** Rebuilding records from raw payloads, and leaves of bodies that no ledger knows. */
import type { Migration } from "./migration.ts";

export const renormalize: Migration = {
  number: 5,
  name: "renormalize",
  statements: [
    `CREATE TABLE renormalizations (
      environment_id uuid NOT NULL,
      renormalization_id uuid NOT NULL,
      state text NOT NULL CHECK (state IN ('running', 'done', 'cancelled', 'failed')),
      filter json NOT NULL,
      options json NOT NULL,
      step integer NOT NULL DEFAULT 0,
      cursor json NOT NULL,
      totals json NOT NULL,
      counts json NOT NULL,
      differences json NOT NULL,
      code text,
      created_at timestamptz NOT NULL DEFAULT now(),
      updated_at timestamptz NOT NULL DEFAULT now(),
      finished_at timestamptz,
      PRIMARY KEY (environment_id, renormalization_id)
    )`,
    // Which payloads are still the source of something.
    "CREATE INDEX raw_parts_payload ON raw_parts (environment_id, user_id, raw_payload_id)",
    `CREATE TABLE unknown_leaves (
      environment_id uuid NOT NULL,
      provider text NOT NULL,
      resource text NOT NULL,
      path text NOT NULL,
      times bigint NOT NULL,
      raw_payload_id uuid NOT NULL,
      first_seen_at timestamptz NOT NULL,
      last_seen_at timestamptz NOT NULL,
      PRIMARY KEY (environment_id, provider, resource, path)
    )`,
  ],
};
