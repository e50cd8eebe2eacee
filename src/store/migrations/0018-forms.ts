/** The other forms of a provider: several consents, subscriptions by event, by person and by hand, limits by person. */
import type { Migration } from "./migration.ts";

export const forms: Migration = {
  number: 18,
  name: "forms",
  statements: [
    `ALTER TABLE connections
      ADD COLUMN consents text[],
      ADD COLUMN subscribed_at timestamptz,
      ADD COLUMN subscription_error text,
      ADD COLUMN subscription_due_at timestamptz`,
    `CREATE TABLE provider_subscriptions (
      environment_id uuid NOT NULL,
      provider text NOT NULL,
      event text NOT NULL,
      remote_id text,
      secret_sealed bytea,
      url text NOT NULL,
      expires_at timestamptz,
      state text NOT NULL CHECK (state IN ('active', 'failed')),
      error text,
      checked_at timestamptz NOT NULL,
      PRIMARY KEY (environment_id, provider, event),
      FOREIGN KEY (environment_id, provider) REFERENCES provider_configs ON DELETE CASCADE
    )`,
    `ALTER TABLE provider_configs
      DROP CONSTRAINT provider_configs_subscription_state_check,
      ADD CONSTRAINT provider_configs_subscription_state_check
        CHECK (subscription_state IN ('none', 'creating', 'active', 'failed', 'manual', 'missing'))`,
    "ALTER TABLE provider_budgets ADD COLUMN provider_user_id text",
    `CREATE INDEX provider_budgets_person ON provider_budgets (provider, provider_user_id)
      WHERE provider_user_id IS NOT NULL`,
  ],
};
