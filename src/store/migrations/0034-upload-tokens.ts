/** Tokens of apps: which of them were redeemed, kinds of upload tokens, and the hashes of those that have ended. */
import type { Migration } from "./migration.ts";

export const uploadTokens: Migration = {
  number: 34,
  name: "upload-tokens",
  statements: [
    "ALTER TABLE auth_tokens ADD COLUMN redeemed_at timestamptz",
    "CREATE UNIQUE INDEX auth_tokens_hash ON auth_tokens (token_hash)",
    `ALTER TABLE upload_tokens
      ADD COLUMN kind text NOT NULL DEFAULT 'upload' CHECK (kind IN ('upload', 'access', 'refresh')),
      ADD COLUMN parent_id uuid,
      ADD COLUMN revoked_at timestamptz`,
    `CREATE TABLE ended_upload_tokens (
      environment_id uuid NOT NULL,
      token_hash bytea NOT NULL UNIQUE,
      ended_at timestamptz NOT NULL DEFAULT now(),
      PRIMARY KEY (environment_id, token_hash)
    )`,
    `CREATE TABLE invitation_codes (
      environment_id uuid NOT NULL,
      code_hash bytea NOT NULL UNIQUE,
      user_id uuid NOT NULL,
      expires_at timestamptz NOT NULL,
      redeemed_at timestamptz,
      PRIMARY KEY (environment_id, code_hash),
      FOREIGN KEY (environment_id, user_id) REFERENCES connections ON DELETE CASCADE
    )`,
  ],
};
