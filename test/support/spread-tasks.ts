/**
 * Tasks that Systole spreads over time: a second for each of their calls, so that older data leaves room for newer. All of
 * a person's older data takes minutes. Where the pace is not what a test is about, it makes the tasks due.
 */
import type { System } from "./system.ts";

/** Wakes the workers as pg-boss does for a job that can start at once. */
const wake = "pg_notify('pgboss_' || left(encode(sha224('pgboss'::bytea), 'hex'), 24), 'ingest')";

export interface Spread {
  /** Only this person's; everybody's when absent. */
  readonly userId?: string;
  /** Only of this priority and higher ones; all when absent. */
  readonly fromPriority?: number;
}

/** Makes spread tasks due. What failed keeps the time of its next try. */
export const hurrySpread = (
  system: Pick<System, "query">,
  { userId, fromPriority = 0 }: Spread = {},
): Promise<unknown> =>
  system.query(
    `WITH due AS (
       UPDATE pgboss.job SET start_after = now() FROM fetch_tasks AS task
       WHERE job.name = 'ingest' AND job.state = 'created' AND job.start_after > now()
         AND task.task_id = (job.data->>'taskId')::uuid AND task.kind = 'backfill' AND task.attempts = 0
         AND task.priority >= $1 AND ($2::text IS NULL OR task.user_id::text = $2)
       RETURNING job.id)
     SELECT ${wake} FROM due LIMIT 1`,
    [fromPriority, userId ?? null],
  );
