/** Tells for how long a provider has sent no notifications, and whether it should have sent some. */
import { sql } from "kysely";
import { lowestIdAt } from "./identifiers.ts";
import type { ProviderConfigId } from "./provider-config-id.ts";
import type { DatabaseOrTransaction } from "./tables.ts";

const weekMs = 7 * 24 * 3_600_000;

export async function lastNotificationAt(
  db: DatabaseOrTransaction,
  { environmentId, provider }: ProviderConfigId,
): Promise<Date | null> {
  const row = await db
    .selectFrom("notifications")
    .select("received_at")
    .where("environment_id", "=", environmentId)
    .where("provider", "=", provider)
    .orderBy("notification_id", "desc")
    .limit(1)
    .executeTakeFirst();
  return row?.received_at ?? null;
}

/** Returns the mean time between notifications in the week that ended with the last one. */
export async function usualIntervalMs(
  db: DatabaseOrTransaction,
  { environmentId, provider }: ProviderConfigId,
  until: Date,
): Promise<number> {
  const { count } = await db
    .selectFrom("notifications")
    .select((select) => select.fn.countAll<string>().as("count"))
    .where("environment_id", "=", environmentId)
    .where("provider", "=", provider)
    .where("notification_id", ">=", lowestIdAt(new Date(until.getTime() - weekMs)))
    .executeTakeFirstOrThrow();
  return weekMs / Math.max(1, Number(count));
}

/** Returns when reconciliation last found data of these resources that the provider should have announced. */
export async function lastGapAt(
  db: DatabaseOrTransaction,
  { environmentId, provider }: ProviderConfigId,
  resources: readonly string[],
): Promise<Date | null> {
  const { last } = await db
    .selectFrom("coverage")
    .innerJoin("connections", (join) =>
      join
        .onRef("connections.environment_id", "=", "coverage.environment_id")
        .onRef("connections.user_id", "=", "coverage.user_id"),
    )
    .select((select) => select.fn.max("coverage.last_gap_at").as("last"))
    .where("coverage.environment_id", "=", environmentId)
    .where("connections.provider", "=", provider)
    .where("coverage.resource", "in", [...resources])
    .executeTakeFirstOrThrow();
  return last;
}

/** Returns true for the one process that first notices this silence. */
export async function claimSilence(
  db: DatabaseOrTransaction,
  { environmentId, provider }: ProviderConfigId,
  since: Date,
  gapAt: Date,
): Promise<boolean> {
  const row = await db
    .updateTable("provider_configs")
    .set({ subscription_silent_since: since, subscription_silence_checked_at: sql<Date>`now()` })
    .where("environment_id", "=", environmentId)
    .where("provider", "=", provider)
    .where((where) =>
      where.or([
        where("subscription_silence_checked_at", "is", null),
        where("subscription_silence_checked_at", "<", gapAt),
      ]),
    )
    .executeTakeFirst();
  return row.numUpdatedRows > 0n;
}

/** Returns true for the one process that first notices that the silence has ended. */
export async function endSilence(
  db: DatabaseOrTransaction,
  { environmentId, provider }: ProviderConfigId,
): Promise<boolean> {
  const row = await db
    .updateTable("provider_configs")
    .set({ subscription_silent_since: null })
    .where("environment_id", "=", environmentId)
    .where("provider", "=", provider)
    .where("subscription_silent_since", "is not", null)
    .executeTakeFirst();
  return row.numUpdatedRows > 0n;
}
