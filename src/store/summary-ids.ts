/** Gives records their public ids. */
import { sql } from "kysely";
import { hasSummaryId, personalSummaryId } from "../models/index.ts";
import type { RecordRef } from "../providers/provider.ts";
import { isDistributed } from "./citus/dialect.ts";
import type { ConnectionId } from "./connections.ts";
import { storeError } from "./store-error.ts";
import type { DatabaseTransaction } from "./tables.ts";

/** A record that is about to be written. */
export interface Unidentified extends RecordRef {
  /** The provider's own id of it; null where that is not unique. */
  readonly ownId: string | null;
}

/**
 * Returns the id for a record without one; null if its type has none. It is the provider's own id, unless
 * another record has it: the same account may be connected in two environments, and a provider's promise of
 * unique ids is no proof.
 */
export async function newSummaryId(
  tx: DatabaseTransaction,
  { userId }: ConnectionId,
  { type, naturalKey, ownId }: Unidentified,
): Promise<string | null> {
  if (!hasSummaryId(type)) return null;
  const isOwn = ownId !== null && (await isFree(tx, ownId));
  // Of the own id, which stays when the record moves to another natural key.
  return isOwn ? ownId : personalSummaryId({ userId, type, naturalKey: ownId ?? naturalKey });
}

/**
 * Whether the id is free, until this transaction ends. Of two transactions that ask for the same id at the
 * same time the second is told no instead of waiting: waiting for several ids could deadlock.
 */
async function isFree(tx: DatabaseTransaction, summaryId: string): Promise<boolean> {
  const { rows } = await sql<{ free: boolean }>`
    SELECT pg_try_advisory_xact_lock(hashtext('systole summary ids'), hashtext(${summaryId})) AS free`.execute(
    tx,
  );
  if (rows[0]?.free !== true) return false;
  return !(isDistributed(tx) ? await isTakenAnywhere(tx, summaryId) : await isTaken(tx, summaryId));
}

/**
 * Every node is asked. While one does not answer, nobody knows, and the id counts as taken: one node that is away does not
 * keep other nodes' people from their new records.
 */
async function isTakenAnywhere(tx: DatabaseTransaction, summaryId: string): Promise<boolean> {
  await sql`SAVEPOINT own_id`.execute(tx);
  try {
    const taken = await isTaken(tx, summaryId);
    await sql`RELEASE SAVEPOINT own_id`.execute(tx);
    return taken;
  } catch (error) {
    if (storeError(error)?.code !== "STORE_UNAVAILABLE") throw error;
    await sql`ROLLBACK TO SAVEPOINT own_id`.execute(tx);
    return true;
  }
}

/** Across environments: a receiver of both keys its data by this id. */
async function isTaken(tx: DatabaseTransaction, summaryId: string): Promise<boolean> {
  const taken = await tx
    .selectFrom("records")
    .select("user_id")
    .where("summary_id", "=", summaryId)
    .limit(1)
    .executeTakeFirst();
  return taken !== undefined;
}
