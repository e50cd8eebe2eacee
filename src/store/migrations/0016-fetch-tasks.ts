/** What we still have to ask providers for has a table of its own; notifications are messages from outside again. */
import type { Migration } from "./migration.ts";

/** The event told the rows apart that Systole wrote for itself; the origin, where a version had other events. */
const kindOfRow = `CASE
  WHEN origin = 'provider' THEN 'announced'
  WHEN event = 'CONNECTED' THEN 'connect'
  WHEN event = 'REFRESH' THEN 'refresh'
  WHEN event = 'FOLLOW_UP' THEN 'file'
  WHEN event = 'SECOND_LOOK' THEN 'second-look'
  WHEN event = 'REVOKE' THEN 'revoke'
  WHEN origin = 'request' THEN 'refresh'
  ELSE origin END`;

export const fetchTasks: Migration = {
  number: 16,
  name: "fetch-tasks",
  statements: [
    `CREATE TABLE fetch_tasks (
      environment_id uuid NOT NULL,
      task_id uuid NOT NULL,
      kind text NOT NULL CHECK (kind IN
        ('announced', 'connect', 'refresh', 'reconcile', 'backfill', 'file', 'second-look', 'revoke', 'given',
        'permission-ended', 'scopes-changed')),
      notification_id uuid,
      provider text NOT NULL,
      provider_user_id text,
      user_id uuid,
      priority smallint NOT NULL CHECK (priority BETWEEN 0 AND 3),
      state text NOT NULL DEFAULT 'accepted' CHECK (state IN ('accepted', 'done', 'failed', 'waiting')),
      fetches jsonb NOT NULL,
      body bytea,
      trace_id text NOT NULL,
      attempts integer NOT NULL DEFAULT 0,
      next_attempt_at timestamptz,
      begun_at timestamptz,
      code text,
      details jsonb,
      created_at timestamptz NOT NULL,
      finished_at timestamptz,
      PRIMARY KEY (environment_id, task_id)
    ) PARTITION BY RANGE (task_id)`,

    // A row keeps its id, so each week of one table needs the same week of the other.
    `DO $$
      DECLARE part record;
      BEGIN
        FOR part IN
          SELECT child.relname, pg_get_expr(child.relpartbound, child.oid) AS bounds FROM pg_inherits
          JOIN pg_class child ON child.oid = inhrelid
          WHERE inhparent = 'notifications'::regclass
        LOOP
          EXECUTE format('CREATE TABLE %I PARTITION OF fetch_tasks %s',
            replace(part.relname, 'notifications_', 'fetch_tasks_'), part.bounds);
        END LOOP;
      END $$`,

    `INSERT INTO fetch_tasks (environment_id, task_id, kind, notification_id, provider, provider_user_id, user_id,
        priority, state, fetches, body, trace_id, attempts, next_attempt_at, begun_at, code, details, created_at,
        finished_at)
      SELECT environment_id, notification_id, ${kindOfRow},
        CASE WHEN origin = 'provider' THEN notification_id END, provider, provider_user_id, user_id,
        priority, state, fetches, CASE WHEN origin <> 'provider' THEN body END, trace_id, attempts, next_attempt_at,
        begun_at, code, details, received_at, finished_at
      FROM notifications WHERE state IN ('accepted', 'done', 'failed', 'waiting')`,

    // Announcements and what else belongs to an account; of the rows that are open or failed there are few.
    "CREATE INDEX fetch_tasks_of_account ON fetch_tasks (environment_id, provider, provider_user_id, task_id)",
    `CREATE INDEX fetch_tasks_open ON fetch_tasks (environment_id, provider, provider_user_id, task_id)
      WHERE state IN ('accepted', 'waiting')`,
    "CREATE INDEX fetch_tasks_failed ON fetch_tasks (environment_id, task_id) WHERE state = 'failed'",
    `CREATE INDEX fetch_tasks_of_user ON fetch_tasks (environment_id, user_id, task_id)
      WHERE user_id IS NOT NULL`,

    "DELETE FROM notifications WHERE origin <> 'provider'",
    `UPDATE notifications SET state = 'accepted', code = NULL, details = NULL
      WHERE state IN ('done', 'failed', 'waiting') OR (state = 'accepted' AND code IS NOT NULL)`,
    `DROP INDEX notifications_waiting, notifications_state, notifications_of_user, notifications_announced,
      notifications_of_account, notifications_not_begun`,
    "ALTER TABLE notifications DROP CONSTRAINT notifications_state_check",
    `ALTER TABLE notifications
      ADD CONSTRAINT notifications_state_check CHECK (state IN ('accepted', 'refused', 'ignored')),
      DROP COLUMN origin,
      DROP COLUMN priority,
      DROP COLUMN user_id,
      DROP COLUMN fetches,
      DROP COLUMN attempts,
      DROP COLUMN next_attempt_at,
      DROP COLUMN begun_at,
      DROP COLUMN finished_at`,
    "CREATE INDEX notifications_of_provider ON notifications (environment_id, provider, notification_id)",
    `CREATE INDEX notifications_of_account
      ON notifications (environment_id, provider, provider_user_id, notification_id)`,
    `CREATE INDEX notifications_without_task ON notifications (environment_id, state, notification_id)
      WHERE state <> 'accepted'`,

    "ALTER TABLE raw_payloads RENAME COLUMN notification_id TO task_id",

    // A job names the row it is a try of.
    `DO $$
      BEGIN
        IF to_regclass('pgboss.job') IS NOT NULL THEN
          UPDATE pgboss.job
            SET data = data - 'notificationId' || jsonb_build_object('taskId', data -> 'notificationId')
            WHERE name = 'ingest' AND data ? 'notificationId';
        END IF;
      END $$`,
  ],
};
