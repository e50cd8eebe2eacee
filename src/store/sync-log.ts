/**
 * Tasks, and the notifications without one, as one list: everything that caused, or could have caused, a call
 * to a provider.
 */
import { type RawBuilder, type SqlBool, sql } from "kysely";
import type { DatabaseOrTransaction, NotificationState, TaskFetch, TaskKind, TaskState } from "./tables.ts";

export interface SyncLogEntry {
  /** The task's id; without a task, the notification's. */
  readonly id: string;
  /** `announced` for a notification without a task. */
  readonly kind: TaskKind;
  readonly provider: string;
  readonly priority: number;
  readonly state: TaskState | NotificationState;
  readonly code: string | null;
  /** The provider's name of the event; null without an announcement. */
  readonly event: string | null;
  readonly provider_user_id: string | null;
  readonly user_id: string | null;
  readonly fetches: readonly TaskFetch[];
  readonly attempts: number;
  readonly next_attempt_at: Date | null;
  readonly trace_id: string;
  readonly details: Record<string, unknown> | null;
  readonly received_at: Date;
  readonly finished_at: Date | null;
}

export interface SyncLogFilter {
  readonly state?: TaskState | NotificationState | undefined;
  readonly userId?: string | undefined;
  /** Only those older than this id: the last of the page before. */
  readonly before?: string | undefined;
  readonly limit: number;
}

/**
 * Returns the newest first, without bodies. `environmentIds` may include `noEnvironment` for notifications of
 * unknown environments.
 */
export async function listSyncLog(
  db: DatabaseOrTransaction,
  environmentIds: readonly string[],
  filter: SyncLogFilter,
): Promise<SyncLogEntry[]> {
  const page = sql`ORDER BY id DESC LIMIT ${filter.limit}`;
  const { rows } = await sql<SyncLogEntry>`
    SELECT * FROM (
      (SELECT t.task_id AS id, t.kind, t.provider, t.priority, t.state, t.code,
          n.event, t.provider_user_id, t.user_id, t.fetches, t.attempts, t.next_attempt_at, t.trace_id, t.details,
          t.created_at AS received_at, t.finished_at
        FROM fetch_tasks t LEFT JOIN notifications n
          ON n.environment_id = t.environment_id AND n.notification_id = t.notification_id
        WHERE ${meant(environmentIds, filter, { id: sql.ref("t.task_id"), table: "t" })}
          ${
            filter.userId === undefined
              ? sql``
              : sql`AND (t.user_id = ${filter.userId}
            OR (t.user_id IS NULL AND ${isOfAccount("t", filter.userId)}))`
          } ${page})
      UNION ALL
      (SELECT n.notification_id AS id, 'announced', n.provider, 3, n.state, n.code, n.event, n.provider_user_id,
          NULL, coalesce(${fetchesOfCoveringTask}, '[]'), 0, NULL, n.trace_id, n.details, n.received_at, n.received_at
        FROM notifications n
        WHERE n.state <> 'accepted'
          AND ${meant(environmentIds, filter, { id: sql.ref("n.notification_id"), table: "n" })}
          ${filter.userId === undefined ? sql`` : sql`AND ${isOfAccount("n", filter.userId)}`} ${page})
    ) AS entries ${page}`.execute(db);
  return rows;
}

function meant(
  environmentIds: readonly string[],
  { state, before }: SyncLogFilter,
  { id, table }: { readonly id: RawBuilder<unknown>; readonly table: "t" | "n" },
): RawBuilder<SqlBool> {
  const conditions = [
    sql`${sql.ref(`${table}.environment_id`)} = ANY(${[...environmentIds]}::uuid[])`,
    ...(state === undefined ? [] : [sql`${sql.ref(`${table}.state`)} = ${state}`]),
    ...(before === undefined ? [] : [sql`${id} < ${before}`]),
  ];
  return sql<SqlBool>`${sql.join(conditions, sql` AND `)}`;
}

/** Whether it was announced for the account that the connection uses. */
const isOfAccount = (table: "t" | "n", userId: string): RawBuilder<SqlBool> => sql<SqlBool>`EXISTS (
  SELECT 1 FROM connections c WHERE c.environment_id = ${sql.ref(`${table}.environment_id`)}
    AND c.user_id = ${userId} AND c.provider = ${sql.ref(`${table}.provider`)}
    AND c.provider_user_id = ${sql.ref(`${table}.provider_user_id`)})`;

/** A repetition named what its covering task fetches. */
const fetchesOfCoveringTask = sql`(SELECT s.fetches FROM fetch_tasks s WHERE s.environment_id = n.environment_id
  AND s.task_id = (n.details ->> 'coalesced_with')::uuid)`;
