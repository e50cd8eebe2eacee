/** When a notification's try begins, and which notification has certainly not begun one. */
import { sql } from "kysely";
import { lowestIdAt } from "./identifiers.ts";
import type { NewNotification, Notification } from "./notifications.ts";
import type { DatabaseOrTransaction, DatabaseTransaction } from "./tables.ts";

/** An order that has been open for longer may soon be given up: what is announced then gets tries of its own. */
const standsInForMs = 6 * 3_600_000;

/**
 * Marks and returns a notification that is to be fetched; null when it was finished or erased meanwhile.
 * From here on it no longer stands in for what is announced.
 */
export async function beginTry(
  db: DatabaseOrTransaction,
  { environmentId, notificationId }: { readonly environmentId: string; readonly notificationId: string },
): Promise<Notification | null> {
  const row = await db
    .updateTable("notifications")
    .set({ begun_at: sql<Date>`now()` })
    .where("environment_id", "=", environmentId)
    .where("notification_id", "=", notificationId)
    .where("state", "=", "accepted")
    .returningAll()
    .executeTakeFirst();
  return row ?? null;
}

/**
 * Finds for each notification one of the same account and fetches that waits for a try, by its place in the
 * list. The rows stay locked until the transaction ends, so that no try of theirs begins before. A row that
 * somebody else has locked may be about to begin, and is passed over. The caller holds the accounts' locks.
 */
export async function findStandIns(
  tx: DatabaseTransaction,
  notifications: readonly NewNotification[],
): Promise<ReadonlyMap<number, string>> {
  const { rows } = await sql<{ place: number; notification_id: string }>`
    SELECT wanted.place::integer - 1 AS place, held.notification_id
    FROM unnest(
      ${notifications.map(({ environmentId }) => environmentId)}::uuid[],
      ${notifications.map(({ provider }) => provider)}::text[],
      ${notifications.map(({ providerUserId }) => providerUserId)}::text[],
      ${notifications.map(({ fetches }) => JSON.stringify(fetches))}::text[]
    ) WITH ORDINALITY AS wanted(environment_id, provider, provider_user_id, fetches, place)
    CROSS JOIN LATERAL (
      SELECT notification_id FROM notifications
      WHERE notifications.environment_id = wanted.environment_id
        AND notifications.provider = wanted.provider
        AND notifications.provider_user_id = wanted.provider_user_id
        AND notifications.fetches = wanted.fetches::jsonb
        AND notification_id >= ${lowestIdAt(new Date(Date.now() - standsInForMs))}
        AND origin = 'provider' AND state IN ('accepted', 'waiting') AND begun_at IS NULL
      ORDER BY notification_id DESC LIMIT 1
      FOR UPDATE SKIP LOCKED
    ) AS held`.execute(tx);
  return new Map(rows.map(({ place, notification_id }) => [place, notification_id]));
}
