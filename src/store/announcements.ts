/** The announcements of providers, as the tasks made of them. */
import { sql } from "kysely";
import type { ProviderAccount } from "./accounts.ts";
import { lowestIdAt } from "./identifiers.ts";
import type { NewNotification } from "./notifications.ts";
import type { DatabaseOrTransaction, DatabaseTransaction, TaskFetch } from "./tables.ts";

/** A task is given up at the latest after this time. */
const openForMs = 48 * 3_600_000;
/** A task open for longer than this may soon be given up, so a new announcement gets a task of its own. */
const coversForMs = 6 * 3_600_000;

/** Whether the provider itself named this: since that time, or in a notification that is still being worked on. */
export async function isAnnounced(
  db: DatabaseOrTransaction,
  { environmentId, provider, providerUserId }: ProviderAccount,
  { resource, key }: TaskFetch,
  since: Date,
): Promise<boolean> {
  const row = await db
    .selectFrom("fetch_tasks")
    .select("task_id")
    .where("environment_id", "=", environmentId)
    .where("provider", "=", provider)
    .where("provider_user_id", "=", providerUserId)
    .where("kind", "=", "announced")
    .where("task_id", ">=", lowestIdAt(new Date(since.getTime() - openForMs)))
    .where((where) =>
      where.or([where("created_at", ">=", since), where("state", "in", ["accepted", "waiting"])]),
    )
    .where(sql<boolean>`fetches @> ${JSON.stringify([{ resource, key }])}::jsonb`)
    .limit(1)
    .executeTakeFirst();
  return row !== undefined;
}

/**
 * Finds for each notification an announced task with the same account and fetches that waits for a try, by
 * the notification's index in the list. The rows stay locked until the transaction ends, so no try of theirs
 * begins before. A row locked by another transaction may be about to begin, and is skipped. The caller holds
 * the accounts' locks.
 */
export async function findCoveringTasks(
  tx: DatabaseTransaction,
  notifications: readonly Pick<
    NewNotification,
    "environmentId" | "provider" | "providerUserId" | "fetches"
  >[],
): Promise<ReadonlyMap<number, string>> {
  const { rows } = await sql<{ place: number; task_id: string }>`
    SELECT wanted.place::integer - 1 AS place, held.task_id
    FROM unnest(
      ${notifications.map(({ environmentId }) => environmentId)}::uuid[],
      ${notifications.map(({ provider }) => provider)}::text[],
      ${notifications.map(({ providerUserId }) => providerUserId)}::text[],
      ${notifications.map(({ fetches }) => JSON.stringify(fetches))}::text[]
    ) WITH ORDINALITY AS wanted(environment_id, provider, provider_user_id, fetches, place)
    CROSS JOIN LATERAL (
      SELECT task_id FROM fetch_tasks
      WHERE fetch_tasks.environment_id = wanted.environment_id
        AND fetch_tasks.provider = wanted.provider
        AND fetch_tasks.provider_user_id = wanted.provider_user_id
        AND fetch_tasks.fetches = wanted.fetches::jsonb
        AND task_id >= ${lowestIdAt(new Date(Date.now() - coversForMs))}
        AND kind = 'announced' AND state IN ('accepted', 'waiting') AND begun_at IS NULL
      ORDER BY task_id DESC LIMIT 1
      FOR UPDATE SKIP LOCKED
    ) AS held`.execute(tx);
  return new Map(rows.map(({ place, task_id }) => [place, task_id]));
}
