/** The connect page: how an environment looks on it, and what people agreed to there. */
import type { Migration } from "./migration.ts";

export const connectPage: Migration = {
  number: 19,
  name: "connect page",
  statements: [
    `CREATE TABLE brands (
      environment_id uuid PRIMARY KEY REFERENCES environments ON DELETE CASCADE,
      name text,
      color text,
      logo bytea,
      logo_type text,
      logo_hash bytea,
      CHECK ((logo IS NULL) = (logo_type IS NULL)),
      CHECK ((logo IS NULL) = (logo_hash IS NULL))
    )`,
    "CREATE INDEX brands_logo ON brands (logo_hash)",
    // No foreign key: an agreement is written beside its connection, and goes with it by erasure.
    `CREATE TABLE agreements (
      environment_id uuid NOT NULL,
      agreement_id uuid NOT NULL,
      user_id uuid NOT NULL,
      provider text NOT NULL,
      consent text,
      session_id text,
      language text NOT NULL,
      text text NOT NULL,
      scopes text[] NOT NULL,
      agreed_at timestamptz NOT NULL,
      PRIMARY KEY (environment_id, agreement_id)
    )`,
    "CREATE INDEX agreements_user ON agreements (environment_id, user_id)",
    "ALTER TABLE auth_flows ADD COLUMN agreement jsonb, ADD COLUMN language text",
  ],
};
