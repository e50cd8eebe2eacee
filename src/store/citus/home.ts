/** The node that has a person's rows. */
import type { ConnectionId } from "../connections.ts";
import type { Database } from "../tables.ts";
import { isDistributed } from "./dialect.ts";

/**
 * Asks it for anything, before a provider is asked for what could not be written. On one server the task itself could not
 * have begun.
 * @throws the database's error
 */
export async function assertHomeAnswers(
  db: Database,
  { environmentId, userId }: ConnectionId,
): Promise<void> {
  if (!isDistributed(db)) return;
  await db
    .selectFrom("grown_parts")
    .select("user_id")
    .where("environment_id", "=", environmentId)
    .where("user_id", "=", userId)
    .limit(1)
    .execute();
}
