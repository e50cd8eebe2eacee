/** Accounts of people who sign in to the dashboard. */
import { type Selectable, sql } from "kysely";
import { newId } from "./identifiers.ts";
import type { Actor } from "./operators.ts";
import type { AccountsTable, Database, DatabaseOrTransaction, DatabaseTransaction } from "./tables.ts";

export type Account = Selectable<AccountsTable>;

/** Returns an account as the audit log names it: an operator whose name is the e-mail. */
export const accountActor = ({
  account_id,
  email,
  role,
}: Pick<Account, "account_id" | "email" | "role">): Actor => ({
  kind: "operator",
  id: account_id,
  name: email,
  role,
});

/** Null when the e-mail is taken. */
export async function addAccount(
  db: DatabaseOrTransaction,
  account: Pick<Account, "email" | "role" | "password_hash">,
): Promise<Account | null> {
  const row = await db
    .insertInto("accounts")
    .values({ account_id: newId(), ...account })
    .onConflict((conflict) => conflict.column("email").doNothing())
    .returningAll()
    .executeTakeFirst();
  return row ?? null;
}

/** Returns the accounts in the order they were made. */
export function listAccounts(db: DatabaseOrTransaction): Promise<Account[]> {
  return db.selectFrom("accounts").selectAll().orderBy("account_id").execute();
}

export async function hasAccounts(db: DatabaseOrTransaction): Promise<boolean> {
  const row = await db.selectFrom("accounts").select("account_id").limit(1).executeTakeFirst();
  return row !== undefined;
}

export async function findAccount(db: DatabaseOrTransaction, accountId: string): Promise<Account | null> {
  const row = await db
    .selectFrom("accounts")
    .selectAll()
    .where("account_id", "=", accountId)
    .executeTakeFirst();
  return row ?? null;
}

export async function findAccountByEmail(db: DatabaseOrTransaction, email: string): Promise<Account | null> {
  const row = await db.selectFrom("accounts").selectAll().where("email", "=", email).executeTakeFirst();
  return row ?? null;
}

/** With its sessions and links. Null when there is none of this id. */
export async function removeAccount(db: DatabaseOrTransaction, accountId: string): Promise<Account | null> {
  const row = await db
    .deleteFrom("accounts")
    .where("account_id", "=", accountId)
    .returningAll()
    .executeTakeFirst();
  return row ?? null;
}

/** Ends the account's links and every session but the one named. */
export function changePassword(
  db: Database,
  {
    accountId,
    passwordHash,
    keptSession,
  }: {
    readonly accountId: string;
    readonly passwordHash: string;
    readonly keptSession: string | null;
  },
): Promise<void> {
  return db.transaction().execute(async (tx) => {
    await tx
      .updateTable("accounts")
      .set({ password_hash: passwordHash, password_changed_at: sql<Date>`now()` })
      .where("account_id", "=", accountId)
      .execute();
    await endAllSessions(tx, accountId, keptSession);
  });
}

async function endAllSessions(
  tx: DatabaseTransaction,
  accountId: string,
  keptSession: string | null,
): Promise<void> {
  await tx.deleteFrom("sign_in_links").where("account_id", "=", accountId).execute();
  await tx
    .deleteFrom("account_sessions")
    .where("account_id", "=", accountId)
    .$if(keptSession !== null, (all) => all.where("session_id", "!=", keptSession as string))
    .execute();
}
