/** Giving records the id they are known by outside. */
import { sql } from "kysely";
import { hasSummaryId, personalSummaryId } from "../models/index.ts";
import type { RecordRef } from "../providers/provider.ts";
import type { ConnectionId } from "./connections.ts";
import type { DatabaseTransaction } from "./tables.ts";

/** A record that is about to be written. */
export interface Unidentified extends RecordRef {
  /** Whether its natural key is the provider's own id of it. */
  readonly hasOwnId: boolean;
}

/**
 * The id for a record that has none yet; null where its type has none. The provider's own id, unless another record
 * is known by it: the same account may be connected in two environments, and a provider's word that its ids are
 * unique is no proof.
 */
export async function newSummaryId(
  tx: DatabaseTransaction,
  { userId }: ConnectionId,
  { type, naturalKey, hasOwnId }: Unidentified,
): Promise<string | null> {
  if (!hasSummaryId(type)) return null;
  const isOwn = hasOwnId && (await isFree(tx, naturalKey));
  return isOwn ? naturalKey : personalSummaryId({ userId, type, naturalKey });
}

/**
 * Whether nobody has the id, until this transaction ends. Of two that ask for the same one at the same time the
 * second is told no, and does not wait: who waits for several ids may wait in a circle.
 */
async function isFree(tx: DatabaseTransaction, summaryId: string): Promise<boolean> {
  const { rows } = await sql<{ free: boolean }>`
    SELECT pg_try_advisory_xact_lock(hashtext('systole summary ids'), hashtext(${summaryId})) AS free`.execute(
    tx,
  );
  if (rows[0]?.free !== true) return false;
  // Across environments: what one receiver gets of both is keyed by this id.
  const taken = await tx
    .selectFrom("records")
    .select("user_id")
    .where("summary_id", "=", summaryId)
    .limit(1)
    .executeTakeFirst();
  return taken === undefined;
}
