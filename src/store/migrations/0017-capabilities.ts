/** What a provider's other forms of connecting need: PKCE, chosen scopes, several consents, pasted keys, upload tokens. */
import type { Migration } from "./migration.ts";

export const capabilities: Migration = {
  number: 17,
  name: "capabilities",
  statements: [
    `ALTER TABLE auth_flows
      ADD COLUMN consent text,
      ADD COLUMN scopes text,
      ADD COLUMN code_verifier_sealed bytea`,
    "ALTER TABLE widget_sessions ADD COLUMN user_id uuid",
    `CREATE TABLE upload_tokens (
      environment_id uuid NOT NULL,
      token_id uuid NOT NULL,
      user_id uuid NOT NULL,
      token_hash bytea NOT NULL UNIQUE,
      created_at timestamptz NOT NULL DEFAULT now(),
      last_used_at timestamptz,
      expires_at timestamptz,
      PRIMARY KEY (environment_id, token_id),
      FOREIGN KEY (environment_id, user_id) REFERENCES connections ON DELETE CASCADE
    )`,
    "CREATE INDEX upload_tokens_user ON upload_tokens (environment_id, user_id)",
  ],
};
