/** Accounts at a provider, which several connections may use, or none yet. */
import { sql } from "kysely";
import type { DatabaseTransaction } from "./tables.ts";

export interface ProviderAccount {
  readonly environmentId: string;
  readonly provider: string;
  readonly providerUserId: string;
}

/**
 * Held by whoever puts a task aside for an account and by whoever takes up what was put aside, until they commit:
 * otherwise one could be put aside just after the other looked, and wait for ever.
 */
export async function lockAccounts(
  tx: DatabaseTransaction,
  accounts: readonly ProviderAccount[],
): Promise<void> {
  const names = accounts.map(
    ({ environmentId, provider, providerUserId }) => `${environmentId} ${provider} ${providerUserId}`,
  );
  // In one order for everybody: two who hold some and want some would wait for each other.
  const sorted = [...new Set(names)].sort();
  if (sorted.length === 0) return;
  await sql`SELECT pg_advisory_xact_lock(hashtextextended(name, 0))
    FROM unnest(${sorted}::text[]) WITH ORDINALITY AS wanted(name, place) ORDER BY place`.execute(tx);
}
