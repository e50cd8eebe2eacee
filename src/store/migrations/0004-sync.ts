/** What each part said, which days have been asked for, when to look again; what our webhooks went through. */
import type { Migration } from "./migration.ts";

export const sync: Migration = {
  number: 4,
  name: "sync",
  statements: [
    "ALTER TABLE raw_parts ADD COLUMN content_hash bytea, ADD COLUMN fingerprint text",

    `CREATE TABLE coverage (
      environment_id uuid NOT NULL,
      user_id uuid NOT NULL,
      resource text NOT NULL,
      days datemultirange NOT NULL DEFAULT '{}',
      asked_until timestamptz,
      reconcile_every_ms integer NOT NULL,
      next_reconcile_at timestamptz NOT NULL,
      gaps_found integer NOT NULL DEFAULT 0,
      last_gap_at timestamptz,
      PRIMARY KEY (environment_id, user_id, resource)
    )`,
    "CREATE INDEX coverage_due ON coverage (next_reconcile_at)",

    `CREATE INDEX notifications_of_user ON notifications (environment_id, user_id, notification_id)
      WHERE user_id IS NOT NULL`,
    `CREATE INDEX notifications_announced ON notifications (environment_id, provider, notification_id)
      WHERE origin = 'provider'`,
    `CREATE INDEX notifications_of_account
      ON notifications (environment_id, provider, provider_user_id, notification_id)
      WHERE origin = 'provider'`,

    `ALTER TABLE provider_configs
      ADD COLUMN subscription_mended text,
      ADD COLUMN subscription_mended_at timestamptz,
      ADD COLUMN subscription_silent_since timestamptz,
      ADD COLUMN subscription_silence_checked_at timestamptz`,
  ],
};
