/** Accounts of the dashboard, the browsers that are signed in, and links that sign in once. */
import type { Migration } from "./migration.ts";

export const accounts: Migration = {
  number: 20,
  name: "accounts",
  statements: [
    `CREATE TABLE accounts (
      account_id uuid PRIMARY KEY,
      email text NOT NULL UNIQUE CHECK (email = lower(email)),
      role text NOT NULL CHECK (role IN ('admin', 'viewer')),
      password_hash text NOT NULL,
      created_at timestamptz NOT NULL DEFAULT now(),
      password_changed_at timestamptz NOT NULL DEFAULT now()
    )`,
    `CREATE TABLE account_sessions (
      session_id uuid PRIMARY KEY,
      account_id uuid NOT NULL REFERENCES accounts ON DELETE CASCADE,
      token_hash bytea NOT NULL UNIQUE,
      address text,
      client text,
      created_at timestamptz NOT NULL DEFAULT now(),
      used_at timestamptz NOT NULL DEFAULT now(),
      expires_at timestamptz NOT NULL,
      ends_at timestamptz NOT NULL
    )`,
    "CREATE INDEX account_sessions_account ON account_sessions (account_id)",
    `CREATE TABLE sign_in_links (
      link_hash bytea PRIMARY KEY,
      account_id uuid NOT NULL REFERENCES accounts ON DELETE CASCADE,
      expires_at timestamptz NOT NULL
    )`,
  ],
};
