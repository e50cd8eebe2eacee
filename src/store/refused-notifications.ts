/**
 * Refused notifications. Anybody can cause them, so only the first ones of an hour are stored, over all
 * processes: a limit in all, and one for each error code, so that forgeries do not hide what the provider
 * itself sent. Nothing is deleted to free the limit: rows that come and go would use just as much disk.
 */
import { type Kysely, sql } from "kysely";
import { lowestIdAt, noEnvironment } from "./identifiers.ts";
import { insertNotifications, type NewNotification } from "./notifications.ts";
import type { Tables } from "./tables.ts";

const hourMs = 3_600_000;

/** Times the 98 days, at most, until their partition is dropped: 117,600 rows. */
const refusedPerHour = 50;
export const refusedPerHourAndCode = 10;

/** Returns the start of the hour that an instant is counted in. */
export const hourOf = (instant: Date): Date => new Date(Math.floor(instant.getTime() / hourMs) * hourMs);

export type RefusedNotification = NewNotification & {
  readonly environmentId: typeof noEnvironment;
  readonly state: "refused";
  readonly code: string;
};

/** Stores a refusal unless the limit of this hour is reached. */
export async function keepRefused(db: Kysely<Tables>, refused: RefusedNotification): Promise<void> {
  await db.transaction().execute(async (tx) => {
    // Two processes that count at the same time would both take the last place.
    await sql`SELECT pg_advisory_xact_lock(hashtext('systole refused notifications'))`.execute(tx);
    const kept = await tx
      .selectFrom("notifications")
      .select(({ fn }) => [
        fn.countAll<string>().as("all"),
        fn.countAll<string>().filterWhere("code", "=", refused.code).as("ofCode"),
      ])
      .where("environment_id", "=", noEnvironment)
      .where("state", "=", "refused")
      .where("notification_id", ">=", lowestIdAt(hourOf(new Date())))
      .executeTakeFirstOrThrow();
    const hasRoom = Number(kept.all) < refusedPerHour && Number(kept.ofCode) < refusedPerHourAndCode;
    if (hasRoom) await insertNotifications(tx, [refused]);
  });
}
