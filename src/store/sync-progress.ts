/** The progress of a connection's fetches: the tasks of each resource, and their failures. */
import { sql } from "kysely";
import type { Connection } from "./connections.ts";
import type { DatabaseOrTransaction, TaskState } from "./tables.ts";

export interface ResourceProgress {
  readonly resource: string;
  /** Tasks that are not done yet. */
  readonly waiting: number;
  readonly done: number;
  readonly failed: number;
  readonly nextTryAt: Date | null;
  /** Whether something is to be fetched soon, not only looked for again. */
  readonly isSyncing: boolean;
}

export interface Trouble {
  readonly resource: string;
  readonly key: string;
  readonly code: string;
  readonly state: TaskState;
  readonly attempts: number;
  readonly nextTryAt: Date | null;
  readonly since: Date;
}

/** Selects the tasks of this connection alone, and those announced for its account. */
const ofConnection = ({ environment_id, user_id, provider, provider_user_id }: Connection) => sql<boolean>`
  environment_id = ${environment_id} AND (user_id = ${user_id}
    OR (user_id IS NULL AND provider = ${provider} AND provider_user_id = ${provider_user_id}
        AND state IN ('accepted', 'waiting', 'failed')))`;

const resourceOf = sql`coalesce(wanted -> 'covers' ->> 'resource', wanted ->> 'resource')`;

export async function readProgress(
  db: DatabaseOrTransaction,
  connection: Connection,
): Promise<ResourceProgress[]> {
  const { rows } = await sql<{
    resource: string;
    waiting: number;
    done: number;
    failed: number;
    next_try_at: Date | null;
    syncing: boolean;
  }>`SELECT ${resourceOf} AS resource,
      count(*) FILTER (WHERE state IN ('accepted', 'waiting'))::int AS waiting,
      count(*) FILTER (WHERE state = 'done')::int AS done,
      count(*) FILTER (WHERE state = 'failed')::int AS failed,
      min(next_attempt_at) FILTER (WHERE state = 'accepted') AS next_try_at,
      coalesce(bool_or(state = 'accepted' AND kind <> 'second-look'), false) AS syncing
    FROM fetch_tasks, jsonb_array_elements(fetches) AS wanted
    WHERE ${ofConnection(connection)} GROUP BY 1 ORDER BY 1`.execute(db);
  return rows.map(({ next_try_at, syncing, ...row }) => ({
    ...row,
    nextTryAt: next_try_at,
    isSyncing: syncing,
  }));
}

/** Returns the latest unresolved failure of each resource. */
export async function readTroubles(db: DatabaseOrTransaction, connection: Connection): Promise<Trouble[]> {
  const { rows } = await sql<{
    resource: string;
    key: string;
    code: string;
    state: TaskState;
    attempts: number;
    next_attempt_at: Date | null;
    created_at: Date;
  }>`SELECT DISTINCT ON (1) ${resourceOf} AS resource, wanted ->> 'key' AS key, code, state, attempts,
      next_attempt_at, created_at
    FROM fetch_tasks, jsonb_array_elements(fetches) AS wanted
    WHERE ${ofConnection(connection)} AND code IS NOT NULL AND state <> 'done'
    ORDER BY 1, task_id DESC`.execute(db);
  return rows.map(({ next_attempt_at, created_at, ...row }) => ({
    ...row,
    nextTryAt: next_attempt_at,
    since: created_at,
  }));
}
