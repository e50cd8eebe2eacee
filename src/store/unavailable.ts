/** Resources that a person's account does not have: what is known of them, and when they are asked for again. */
import { sql } from "kysely";
import type { ConnectionId } from "./connections.ts";
import { updateCoverage } from "./coverage.ts";
import type { DatabaseOrTransaction } from "./tables.ts";

const hourSeconds = 3_600;
const daySeconds = 24 * hourSeconds;

/** As long as it has been unavailable, but an hour at least and a day at most: the answer may have been a mistake. */
const pauseSeconds = sql<number>`least(${daySeconds}::float8, greatest(${hourSeconds}::float8,
  extract(epoch FROM now() - coalesce(unavailable_since, now()))))`;

const rowOf = (db: DatabaseOrTransaction, { environmentId, userId }: ConnectionId, resource: string) =>
  db
    .selectFrom("coverage")
    .where("environment_id", "=", environmentId)
    .where("user_id", "=", userId)
    .where("resource", "=", resource);

/** Notes that the provider answered with this status, which says that the account has no such resource. */
export async function noteUnavailable(
  db: DatabaseOrTransaction,
  id: ConnectionId,
  { resource, status }: { readonly resource: string; readonly status: number },
): Promise<void> {
  await updateCoverage(db, id, resource)
    .set({
      unavailable_since: sql<Date>`coalesce(unavailable_since, now())`,
      unavailable_at: sql<Date>`now()`,
      unavailable_status: status,
      next_reconcile_at: sql<Date>`now() + make_interval(secs => ${pauseSeconds})`,
    })
    .execute();
}

/** Whether a resource turned out to be unavailable after this time. */
export async function isUnavailableSince(
  db: DatabaseOrTransaction,
  id: ConnectionId,
  resource: string,
  time: Date,
): Promise<boolean> {
  const row = await rowOf(db, id, resource)
    .select("resource")
    .where("unavailable_at", ">=", time)
    .executeTakeFirst();
  return row !== undefined;
}

/** Whether the newest data of a resource was ever answered. */
export async function hasAnswered(
  db: DatabaseOrTransaction,
  id: ConnectionId,
  resource: string,
): Promise<boolean> {
  const row = await rowOf(db, id, resource)
    .select("resource")
    .where("asked_until", "is not", null)
    .executeTakeFirst();
  return row !== undefined;
}
