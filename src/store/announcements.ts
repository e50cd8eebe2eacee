/** The announcements of providers, as the tasks made of them. */
import { sql } from "kysely";
import { locksOf, type ProviderAccount } from "./accounts.ts";
import { lowestIdAt } from "./identifiers.ts";
import { prepared } from "./prepared.ts";
import type { DatabaseOrTransaction, DatabaseTransaction, TaskFetch } from "./tables.ts";

/** A task is given up at the latest after this time. */
const openForMs = 48 * 3_600_000;
/** A task open for longer than this may soon be given up, so a new announcement gets a task of its own. */
const coversForMs = 6 * 3_600_000;

/** Whether the provider itself named this: since that time, or in a notification that is still being worked on. */
export async function isAnnounced(
  db: DatabaseOrTransaction,
  { environmentId, provider, providerUserId }: ProviderAccount,
  { resource, key }: TaskFetch,
  since: Date,
): Promise<boolean> {
  const row = await db
    .selectFrom("fetch_tasks")
    .select("task_id")
    .where("environment_id", "=", environmentId)
    .where("provider", "=", provider)
    .where("provider_user_id", "=", providerUserId)
    .where("kind", "=", "announced")
    .where("task_id", ">=", lowestIdAt(new Date(since.getTime() - openForMs)))
    .where((where) =>
      where.or([where("created_at", ">=", since), where("state", "in", ["accepted", "waiting"])]),
    )
    .where(sql<boolean>`fetches @> ${JSON.stringify([{ resource, key }])}::jsonb`)
    .limit(1)
    .executeTakeFirst();
  return row !== undefined;
}

/** Facts about a notification's account, found before the notification is written. */
export interface KnownOfAccount {
  /** Whether a connection of that provider user exists. */
  readonly isKnown: boolean;
  /** An announced task with the same account and fetches that waits for a try. */
  readonly coveredBy: string | null;
}

const askKnown = prepared<{ is_known: boolean; covered_by: string | null }>(
  "known_and_covered",
  "SELECT * FROM known_and_covered($1, $2, $3, $4, $5, $6)",
);

/**
 * Locks the accounts until the transaction ends and returns what is known of each, in order. The covering tasks stay
 * locked as well, so no try of theirs begins before. One locked by another transaction may be about to begin, and is
 * skipped.
 * @param accounts each with what was announced of it; null for what is never a repetition
 */
export async function lockAccountsKnown(
  tx: DatabaseTransaction,
  accounts: readonly (ProviderAccount & { readonly fetches: readonly TaskFetch[] | null })[],
): Promise<KnownOfAccount[]> {
  if (accounts.length === 0) return [];
  const rows = await askKnown(tx, [
    locksOf(accounts),
    accounts.map(({ environmentId }) => environmentId),
    accounts.map(({ provider }) => provider),
    accounts.map(({ providerUserId }) => providerUserId),
    accounts.map(({ fetches }) => fetches && JSON.stringify(fetches)),
    lowestIdAt(new Date(Date.now() - coversForMs)),
  ]);
  return rows.map((row) => ({ isKnown: row.is_known, coveredBy: row.covered_by }));
}
