/** The first schema: environments, connections, raw payloads, records, events and deliveries. */
import type { Migration } from "./migration.ts";

const timePartitioned = (name: string, id: string, columns: string): string => `
  CREATE TABLE ${name} (
    environment_id uuid NOT NULL,
    ${id} uuid NOT NULL,
    ${columns},
    PRIMARY KEY (environment_id, ${id})
  ) PARTITION BY RANGE (${id})`;

export const first: Migration = {
  number: 1,
  name: "first",
  statements: [
    "CREATE SEQUENCE fetch_order",

    "CREATE TABLE house (key text PRIMARY KEY, value bytea NOT NULL)",

    `CREATE TABLE environments (
      environment_id uuid PRIMARY KEY,
      dev_id text NOT NULL UNIQUE,
      name text NOT NULL,
      created_at timestamptz NOT NULL DEFAULT now()
    )`,

    `CREATE TABLE api_keys (
      environment_id uuid NOT NULL REFERENCES environments,
      key_hash bytea NOT NULL,
      label text NOT NULL,
      created_at timestamptz NOT NULL DEFAULT now(),
      revoked_at timestamptz,
      PRIMARY KEY (environment_id, key_hash)
    )`,

    `CREATE TABLE provider_configs (
      environment_id uuid NOT NULL REFERENCES environments,
      provider text NOT NULL,
      settings_sealed bytea NOT NULL,
      origin text NOT NULL CHECK (origin IN ('process', 'admin')),
      subscription_state text NOT NULL DEFAULT 'none'
        CHECK (subscription_state IN ('none', 'creating', 'active', 'failed')),
      subscription_remote_id text,
      subscription_url text,
      subscription_secret_sealed bytea,
      subscription_error text,
      subscription_checked_at timestamptz,
      updated_at timestamptz NOT NULL DEFAULT now(),
      PRIMARY KEY (environment_id, provider)
    )`,

    `CREATE TABLE connections (
      environment_id uuid NOT NULL REFERENCES environments,
      user_id uuid NOT NULL,
      provider text NOT NULL,
      provider_user_id text NOT NULL,
      reference_id text,
      state text NOT NULL CHECK (state IN ('active', 'revoked')),
      active boolean NOT NULL DEFAULT true,
      grant_sealed bytea NOT NULL,
      scopes text,
      error_code text,
      error_since timestamptz,
      created_at timestamptz NOT NULL DEFAULT now(),
      last_webhook_update timestamptz,
      last_polled_at timestamptz,
      most_recent_data_at timestamptz,
      PRIMARY KEY (environment_id, user_id)
    )`,
    "CREATE INDEX connections_provider_user ON connections (environment_id, provider, provider_user_id)",
    "CREATE INDEX connections_reference ON connections (environment_id, reference_id)",

    `CREATE TABLE auth_flows (
      environment_id uuid NOT NULL REFERENCES environments,
      state_hash bytea NOT NULL,
      provider text NOT NULL,
      user_id uuid NOT NULL,
      reference_id text,
      redirect_uri text NOT NULL,
      success_url text,
      failure_url text,
      session_id text,
      expires_at timestamptz NOT NULL,
      created_at timestamptz NOT NULL DEFAULT now(),
      PRIMARY KEY (environment_id, state_hash)
    )`,
    "CREATE INDEX auth_flows_state ON auth_flows (state_hash)",

    `CREATE TABLE widget_sessions (
      environment_id uuid NOT NULL REFERENCES environments,
      session_id text NOT NULL,
      providers text[],
      reference_id text,
      language text,
      success_url text,
      failure_url text,
      expires_at timestamptz NOT NULL,
      created_at timestamptz NOT NULL DEFAULT now(),
      PRIMARY KEY (environment_id, session_id)
    )`,
    "CREATE INDEX widget_sessions_session ON widget_sessions (session_id)",

    `CREATE TABLE auth_tokens (
      environment_id uuid NOT NULL REFERENCES environments,
      token_hash bytea NOT NULL,
      reference_id text,
      expires_at timestamptz NOT NULL,
      created_at timestamptz NOT NULL DEFAULT now(),
      PRIMARY KEY (environment_id, token_hash)
    )`,

    timePartitioned(
      "notifications",
      "notification_id",
      `provider text NOT NULL,
      origin text NOT NULL CHECK (origin IN ('provider', 'connect', 'request')),
      state text NOT NULL CHECK (state IN ('accepted', 'done', 'failed', 'waiting', 'refused', 'ignored')),
      event text,
      provider_user_id text,
      user_id uuid,
      fetches jsonb NOT NULL,
      body bytea,
      trace_id text NOT NULL,
      attempts integer NOT NULL DEFAULT 0,
      next_attempt_at timestamptz,
      code text,
      details jsonb,
      received_at timestamptz NOT NULL,
      finished_at timestamptz`,
    ),
    `CREATE INDEX notifications_waiting ON notifications (environment_id, provider, provider_user_id)
      WHERE state = 'waiting'`,
    "CREATE INDEX notifications_state ON notifications (environment_id, state, notification_id DESC)",

    timePartitioned(
      "raw_payloads",
      "raw_payload_id",
      `user_id uuid NOT NULL,
      provider text NOT NULL,
      resource text NOT NULL,
      resource_key text NOT NULL,
      request_method text NOT NULL,
      request_path text NOT NULL,
      response_status integer NOT NULL,
      content_type text,
      body bytea NOT NULL,
      body_bytes integer NOT NULL,
      sha256 bytea NOT NULL,
      fetched_at timestamptz NOT NULL,
      notification_id uuid`,
    ),
    "ALTER TABLE raw_payloads ALTER COLUMN body SET STORAGE EXTERNAL",
    `CREATE INDEX raw_payloads_resource
      ON raw_payloads (environment_id, user_id, resource, resource_key, raw_payload_id DESC)`,

    `CREATE TABLE raw_parts (
      environment_id uuid NOT NULL,
      user_id uuid NOT NULL,
      resource text NOT NULL,
      part_key text NOT NULL,
      raw_payload_id uuid NOT NULL,
      resource_key text NOT NULL,
      fetch_order bigint NOT NULL,
      PRIMARY KEY (environment_id, user_id, resource, part_key)
    )`,

    `CREATE TABLE records (
      environment_id uuid NOT NULL,
      user_id uuid NOT NULL,
      type text NOT NULL,
      natural_key text NOT NULL,
      revision integer NOT NULL,
      mapper_version integer NOT NULL,
      start_date text,
      start_time text,
      end_time text,
      summary json NOT NULL,
      detailed bytea NOT NULL,
      detailed_bytes integer NOT NULL,
      content_hash bytea NOT NULL,
      raw_payload_ids uuid[] NOT NULL,
      created_at timestamptz NOT NULL DEFAULT now(),
      updated_at timestamptz NOT NULL DEFAULT now(),
      PRIMARY KEY (environment_id, user_id, type, natural_key)
    )`,
    "ALTER TABLE records ALTER COLUMN detailed SET STORAGE EXTERNAL",
    "CREATE INDEX records_start ON records (environment_id, user_id, type, start_date)",

    timePartitioned(
      "events",
      "event_id",
      `type text NOT NULL,
      user_id uuid,
      reference_id text,
      provider text,
      record_type text,
      natural_key text,
      revision integer,
      reference text NOT NULL,
      trace_id text NOT NULL,
      body bytea NOT NULL,
      body_bytes integer NOT NULL,
      created_at timestamptz NOT NULL`,
    ),
    "ALTER TABLE events ALTER COLUMN body SET STORAGE EXTERNAL",
    "CREATE INDEX events_user ON events (environment_id, user_id, event_id DESC)",

    timePartitioned(
      "deliveries",
      "delivery_id",
      `event_id uuid NOT NULL,
      destination_id uuid NOT NULL,
      state text NOT NULL CHECK (state IN ('pending', 'delivered', 'dead', 'cancelled')),
      attempts integer NOT NULL DEFAULT 0,
      next_attempt_at timestamptz,
      last_status integer,
      last_code text,
      created_at timestamptz NOT NULL,
      finished_at timestamptz`,
    ),
    "CREATE INDEX deliveries_event ON deliveries (environment_id, event_id)",
    `CREATE INDEX deliveries_open ON deliveries (environment_id, destination_id, delivery_id)
      WHERE state IN ('pending', 'dead')`,

    timePartitioned(
      "attempts",
      "attempt_id",
      `delivery_id uuid NOT NULL,
      event_id uuid NOT NULL,
      destination_id uuid NOT NULL,
      number integer NOT NULL,
      started_at timestamptz NOT NULL,
      duration_ms integer NOT NULL,
      outcome text NOT NULL CHECK (outcome IN ('delivered', 'retry', 'dead', 'disabled')),
      status integer,
      code text,
      response text`,
    ),
    "CREATE INDEX attempts_delivery ON attempts (environment_id, delivery_id)",

    `CREATE TABLE destinations (
      environment_id uuid NOT NULL REFERENCES environments,
      destination_id uuid NOT NULL,
      kind text NOT NULL,
      settings_sealed bytea NOT NULL,
      event_types text[],
      active boolean NOT NULL DEFAULT true,
      revision integer NOT NULL DEFAULT 1,
      disabled_code text,
      created_at timestamptz NOT NULL DEFAULT now(),
      updated_at timestamptz NOT NULL DEFAULT now(),
      PRIMARY KEY (environment_id, destination_id)
    )`,
  ],
};
