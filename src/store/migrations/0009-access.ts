/** Connect links as hashes, flows bound to a browser, operators, admin tokens and the audit log. */
import type { Migration } from "./migration.ts";

export const access: Migration = {
  number: 9,
  name: "access",
  statements: [
    // A link handed out before the upgrade was named by its session's id, and keeps working until it expires.
    "ALTER TABLE widget_sessions ADD COLUMN link_hash bytea, ADD COLUMN used_at timestamptz",
    "UPDATE widget_sessions SET link_hash = sha256(convert_to(session_id, 'UTF8'))",
    "ALTER TABLE widget_sessions ALTER COLUMN link_hash SET NOT NULL",
    "CREATE UNIQUE INDEX widget_sessions_link ON widget_sessions (link_hash)",

    `ALTER TABLE auth_flows
      ADD COLUMN browser_hash bytea,
      ADD COLUMN provider_user_id text,
      ADD COLUMN grant_sealed bytea,
      ADD COLUMN replaces uuid[],
      ADD CHECK ((grant_sealed IS NULL) = (provider_user_id IS NULL)),
      ADD CHECK ((grant_sealed IS NULL) = (replaces IS NULL))`,
    "UPDATE auth_flows SET expires_at = least(expires_at, now() + interval '30 minutes')",
    "CREATE INDEX auth_flows_session ON auth_flows (environment_id, session_id)",

    "ALTER TABLE environments ADD COLUMN redirect_origins text[]",

    `CREATE TABLE admin_tokens (
      token_hash bytea PRIMARY KEY,
      origin text NOT NULL CHECK (origin IN ('made', 'given', 'rotated')),
      short boolean NOT NULL,
      created_at timestamptz NOT NULL DEFAULT now(),
      retired_at timestamptz
    )`,
    "CREATE UNIQUE INDEX admin_tokens_in_force ON admin_tokens ((true)) WHERE retired_at IS NULL",
    `INSERT INTO admin_tokens (token_hash, origin, short)
      SELECT value, 'made', false FROM house WHERE key = 'admin-token'`,
    "DELETE FROM house WHERE key = 'admin-token'",

    `CREATE TABLE operators (
      operator_id uuid PRIMARY KEY,
      name text NOT NULL,
      role text NOT NULL CHECK (role IN ('admin', 'viewer')),
      token_hash bytea NOT NULL UNIQUE,
      created_at timestamptz NOT NULL DEFAULT now(),
      revoked_at timestamptz
    )`,
    "CREATE UNIQUE INDEX operators_name ON operators (name) WHERE revoked_at IS NULL",

    `CREATE TABLE audit_log (
      audit_id uuid PRIMARY KEY,
      at timestamptz NOT NULL DEFAULT clock_timestamp(),
      environment_id uuid,
      actor_kind text NOT NULL CHECK (actor_kind IN ('token', 'operator', 'process', 'command')),
      actor_id text NOT NULL,
      actor_name text NOT NULL,
      action text NOT NULL,
      target text NOT NULL,
      address text,
      client text,
      trace_id text
    )`,
    // No foreign key: checking it wants the right to update, which nobody has.
    `CREATE TABLE audit_outcomes (
      audit_id uuid PRIMARY KEY,
      at timestamptz NOT NULL DEFAULT clock_timestamp(),
      status integer NOT NULL,
      code text,
      before jsonb,
      after jsonb
    )`,
    "CREATE INDEX audit_log_at ON audit_log (at)",
    ...appendOnly(),
  ],
};

/**
 * Neither table can be changed. Rows can be deleted by `systole_expire_audit` alone, and only once they are
 * 30 days old. The function runs with its owner's rights, so that the tables and the function may be given to
 * another role, which leaves Systole's own with INSERT and SELECT.
 */
function appendOnly(): string[] {
  const tables = ["audit_log", "audit_outcomes"];
  return [
    `CREATE FUNCTION systole_keep_audit() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      IF TG_OP = 'DELETE' AND current_setting('systole.expiring_audit', true) = 'yes'
        AND OLD.at < now() - interval '30 days' THEN
        RETURN OLD;
      END IF;
      RAISE EXCEPTION 'the audit log is append-only' USING ERRCODE = 'insufficient_privilege';
    END $$`,
    ...tables.flatMap((table) => [
      `CREATE TRIGGER kept BEFORE UPDATE OR DELETE ON ${table}
        FOR EACH ROW EXECUTE FUNCTION systole_keep_audit()`,
      `CREATE TRIGGER kept_whole BEFORE TRUNCATE ON ${table}
        FOR EACH STATEMENT EXECUTE FUNCTION systole_keep_audit()`,
      `REVOKE ALL ON ${table} FROM PUBLIC`,
      `REVOKE UPDATE, TRUNCATE ON ${table} FROM CURRENT_USER`,
    ]),
    `CREATE FUNCTION systole_expire_audit(keep_from timestamptz) RETURNS bigint
      LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
    DECLARE gone bigint;
    BEGIN
      PERFORM set_config('systole.expiring_audit', 'yes', true);
      DELETE FROM audit_outcomes WHERE audit_id IN (
        SELECT audit_id FROM audit_log WHERE at < least(keep_from, now() - interval '31 days'));
      DELETE FROM audit_log a WHERE at < least(keep_from, now() - interval '31 days')
        AND NOT EXISTS (SELECT FROM audit_outcomes o WHERE o.audit_id = a.audit_id);
      GET DIAGNOSTICS gone = ROW_COUNT;
      PERFORM set_config('systole.expiring_audit', '', true);
      RETURN gone;
    END $$`,
  ];
}
