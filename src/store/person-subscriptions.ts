/** The schedule and state of each person's own subscription at a provider. */
import { sql } from "kysely";
import type { Connection, ConnectionId } from "./connections.ts";
import type { ProviderConfigId } from "./provider-config-id.ts";
import type { DatabaseOrTransaction } from "./tables.ts";

/** Returns the due ones and postpones them until `retryAt`, so that no other process takes them meanwhile. */
export async function claimSubscriptions(
  db: DatabaseOrTransaction,
  provider: string,
  { limit, retryAt }: { readonly limit: number; readonly retryAt: Date },
): Promise<Connection[]> {
  return db
    .with("due", (query) =>
      query
        .selectFrom("connections")
        .select(["environment_id", "user_id"])
        .where("provider", "=", provider)
        .where("state", "=", "active")
        .where(({ eb, or }) =>
          or([eb("subscription_due_at", "is", null), eb("subscription_due_at", "<=", sql<Date>`now()`)]),
        )
        .orderBy(sql`subscription_due_at NULLS FIRST`)
        .limit(limit)
        .forNoKeyUpdate()
        .skipLocked(),
    )
    .updateTable("connections")
    .from("due")
    .set({ subscription_due_at: retryAt })
    .whereRef("connections.environment_id", "=", "due.environment_id")
    .whereRef("connections.user_id", "=", "due.user_id")
    .returningAll("connections")
    .execute();
}

export interface SubscriptionNote {
  /** The error; null after a success. Unchanged when absent. */
  readonly error?: string | null;
  /** The time at which it was seen to exist. */
  readonly at?: Date;
  readonly dueAt: Date;
}

export async function noteSubscription(
  db: DatabaseOrTransaction,
  { environmentId, userId }: ConnectionId,
  { error, at, dueAt }: SubscriptionNote,
): Promise<void> {
  await db
    .updateTable("connections")
    .set({
      subscription_due_at: dueAt,
      ...(at !== undefined && { subscribed_at: at }),
      ...(error !== undefined && { subscription_error: error }),
    })
    .where("environment_id", "=", environmentId)
    .where("user_id", "=", userId)
    .execute();
}

export interface PeopleSubscribed {
  readonly subscribed: number;
  readonly failing: number;
  /** Connected, and not yet tried. */
  readonly waiting: number;
  /** One of the errors. */
  readonly error: string | null;
  readonly checkedAt: Date | null;
}

export async function countSubscribed(
  db: DatabaseOrTransaction,
  { environmentId, provider }: ProviderConfigId,
): Promise<PeopleSubscribed> {
  const { rows } = await sql<PeopleSubscribed>`
    SELECT count(*) FILTER (WHERE subscription_error IS NULL AND subscribed_at IS NOT NULL)::integer AS subscribed,
      count(*) FILTER (WHERE subscription_error IS NOT NULL)::integer AS failing,
      count(*) FILTER (WHERE subscription_error IS NULL AND subscribed_at IS NULL)::integer AS waiting,
      max(subscription_error) AS error, max(subscribed_at) AS "checkedAt"
    FROM connections
    WHERE environment_id = ${environmentId} AND provider = ${provider} AND state = 'active'`.execute(db);
  return rows[0] ?? { subscribed: 0, failing: 0, waiting: 0, error: null, checkedAt: null };
}
