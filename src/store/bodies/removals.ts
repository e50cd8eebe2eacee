/**
 * Removes bodies from the body store. A key is written down before its body is stored and struck out together with the
 * row that names it, so that a body without a row is removed an hour later. What is erased is written down with the
 * erasure.
 */
import { sql } from "kysely";
import { SystoleError } from "../../errors.ts";
import type { Store } from "../store.ts";
import type { DatabaseOrTransaction, DatabaseTransaction } from "../tables.ts";

export interface BodyName {
  readonly environmentId: string;
  readonly key: string;
}

export async function expectBody(db: DatabaseOrTransaction, { environmentId, key }: BodyName): Promise<void> {
  await sql`INSERT INTO body_removals (environment_id, body_key, due_at)
    VALUES (${environmentId}, ${key}, now() + interval '1 hour')`.execute(db);
}

/**
 * Keeps a body, in the transaction that writes its row.
 * @throws SystoleError INTERNAL when storing it took so long that it was removed; the client sends it again
 */
export async function bodyIsNamed(tx: DatabaseTransaction, { environmentId, key }: BodyName): Promise<void> {
  const { numDeletedRows } = await tx
    .deleteFrom("body_removals")
    .where("environment_id", "=", environmentId)
    .where("body_key", "=", key)
    .executeTakeFirst();
  if (numDeletedRows === 0n) throw new SystoleError("INTERNAL", { reason: "the body was removed" });
}

/** Writes down the bodies of people who are erased; returns their number. */
export async function orderRemovals(
  tx: DatabaseTransaction,
  environmentId: string,
  userIds: readonly string[],
): Promise<number> {
  const { numAffectedRows } = await sql`INSERT INTO body_removals (environment_id, body_key, due_at)
    SELECT environment_id, body_key, now() FROM raw_payloads
    WHERE environment_id = ${environmentId} AND user_id = ANY(${userIds}::uuid[]) AND body_key IS NOT NULL
    ON CONFLICT (environment_id, body_key) DO UPDATE SET due_at = now()`.execute(tx);
  return Number(numAffectedRows);
}

const mostAtOnce = 100;

/** Removes what is due; returns the number of bodies. @throws the store's error, after which the rest stays due */
export async function removeDueBodies({ db, bodies }: Pick<Store, "db" | "bodies">): Promise<number> {
  let removed = 0;
  for (;;) {
    const due = await db
      .selectFrom("body_removals")
      .select(["environment_id", "body_key"])
      .where("due_at", "<=", sql<Date>`now()`)
      .limit(mostAtOnce)
      .execute();
    for (const { environment_id: environmentId, body_key: key } of due) {
      if (await removeDue({ db, bodies }, { environmentId, key })) removed++;
    }
    if (due.length < mostAtOnce) return removed;
  }
}

/** Holds the row while the body is removed, so that no transaction names it meanwhile. Returns whether it was still due. */
const removeDue = (
  { db, bodies }: Pick<Store, "db" | "bodies">,
  { environmentId, key }: BodyName,
): Promise<boolean> =>
  db.transaction().execute(async (tx) => {
    const { numDeletedRows } = await tx
      .deleteFrom("body_removals")
      .where("environment_id", "=", environmentId)
      .where("body_key", "=", key)
      .where("due_at", "<=", sql<Date>`now()`)
      .executeTakeFirst();
    if (numDeletedRows === 0n) return false;
    await bodies.remove(key);
    return true;
  });
