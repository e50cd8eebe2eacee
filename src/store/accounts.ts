/** Accounts at a provider. Several connections may use one account, or none yet. */
import { sql } from "kysely";
import type { DatabaseTransaction } from "./tables.ts";

export interface ProviderAccount {
  readonly environmentId: string;
  /** The provider's slug. */
  readonly provider: string;
  readonly providerUserId: string;
}

interface AccountRow {
  readonly environment_id: string;
  readonly provider: string;
  readonly provider_user_id: string;
}

/** Returns the account of a connection. */
export const accountOf = ({ environment_id, provider, provider_user_id }: AccountRow): ProviderAccount => ({
  environmentId: environment_id,
  provider,
  providerUserId: provider_user_id,
});

/**
 * Returns the names of accounts' locks, always in the same order: transactions that hold some locks and want others would
 * deadlock.
 */
export function locksOf(accounts: readonly ProviderAccount[]): readonly string[] {
  const names = accounts.map(
    ({ environmentId, provider, providerUserId }) => `${environmentId} ${provider} ${providerUserId}`,
  );
  return [...new Set(names)].sort();
}

/**
 * Locks accounts until the transaction ends, both to let a task wait for an account and to resume waiting
 * tasks. Without the lock a task could begin to wait just after the other transaction looked, and wait for
 * ever.
 */
export async function lockAccounts(
  tx: DatabaseTransaction,
  accounts: readonly ProviderAccount[],
): Promise<void> {
  const names = locksOf(accounts);
  if (names.length === 0) return;
  await sql`SELECT pg_advisory_xact_lock(hashtextextended(name, 0))
    FROM unnest(${names}::text[]) WITH ORDINALITY AS wanted(name, place) ORDER BY place`.execute(tx);
}
