/**
 * Browsers that are signed in, and links that sign in once. A session ends when it was not used for a day, and after
 * two weeks in any case. Times are the database's.
 */
import { type Selectable, sql } from "kysely";
import { hashSecret, newSecret } from "../security/secrets.ts";
import { newId } from "./identifiers.ts";
import type { Account } from "./operator-accounts.ts";
import type { AccountSessionsTable, DatabaseOrTransaction } from "./tables.ts";

const idleSeconds = 24 * 3_600;
export const longestSeconds = 14 * 24 * 3_600;
export const linkSeconds = 600;
/** A use is written down at most this often: reading a list must not cost a write. */
const touchSeconds = 60;

export type AccountSession = Omit<Selectable<AccountSessionsTable>, "token_hash">;

/** A session with what its account is now. */
export interface OpenSession extends AccountSession {
  readonly email: Account["email"];
  readonly role: Account["role"];
}

const inSeconds = (seconds: number) => sql<Date>`now() + ${seconds} * interval '1 second'`;

/** Returns the secret for the cookie, which is told this once. */
export async function openAccountSession(
  db: DatabaseOrTransaction,
  {
    accountId,
    address,
    client,
    byLink,
  }: {
    readonly accountId: string;
    readonly address: string | null;
    readonly client: string | null;
    readonly byLink: boolean;
  },
): Promise<string> {
  const token = newSecret();
  await db
    .insertInto("account_sessions")
    .values({
      session_id: newId(),
      account_id: accountId,
      token_hash: hashSecret(token),
      address,
      client,
      by_link: byLink,
      expires_at: inSeconds(idleSeconds),
      ends_at: inSeconds(longestSeconds),
    })
    .execute();
  return token;
}

const shown = [
  "session_id",
  "account_sessions.account_id",
  "address",
  "client",
  "account_sessions.created_at",
  "used_at",
  "expires_at",
  "ends_at",
  "by_link",
  "email",
  "role",
] as const;

const inForce = sql<boolean>`least(expires_at, ends_at) > now()`;

const open = (db: DatabaseOrTransaction) =>
  db
    .selectFrom("account_sessions")
    .innerJoin("accounts", "accounts.account_id", "account_sessions.account_id")
    .select(shown)
    .where(inForce);

/** The session of a cookie, which goes on for another day by being used; null when it has ended. */
export async function useAccountSession(
  db: DatabaseOrTransaction,
  token: string,
): Promise<OpenSession | null> {
  const found = await open(db)
    .select(sql<boolean>`used_at < ${inSeconds(-touchSeconds)}`.as("is_stale"))
    .where("token_hash", "=", hashSecret(token))
    .executeTakeFirst();
  if (found === undefined) return null;
  const { is_stale: isStale, ...session } = found;
  if (isStale) await touch(db, session.session_id);
  return session;
}

async function touch(db: DatabaseOrTransaction, sessionId: string): Promise<void> {
  await db
    .updateTable("account_sessions")
    .set({ used_at: sql<Date>`now()`, expires_at: inSeconds(idleSeconds) })
    .where("session_id", "=", sessionId)
    .execute();
}

/** Within this time of signing in with a link, its holder may set a password without the present one. */
const passwordByLinkMs = 3_600_000;

/** Tells whether the session may set its account's password without the present one: it was opened by a link just now. */
export const maySetPassword = ({ by_link: byLink, created_at: since }: OpenSession): boolean =>
  byLink && Date.now() - since.getTime() < passwordByLinkMs;

/** Whether it is still open, without using it. */
export async function isSessionInForce(db: DatabaseOrTransaction, sessionId: string): Promise<boolean> {
  return (await open(db).where("session_id", "=", sessionId).executeTakeFirst()) !== undefined;
}

/** Newest first; of one account where it is named. */
export function listAccountSessions(
  db: DatabaseOrTransaction,
  accountId: string | null,
): Promise<OpenSession[]> {
  return open(db)
    .$if(accountId !== null, (all) => all.where("account_sessions.account_id", "=", accountId as string))
    .orderBy("session_id", "desc")
    .execute();
}

/** Ends a session, of one account where it is named. Returns false when there is none of this id. */
export async function endAccountSession(
  db: DatabaseOrTransaction,
  sessionId: string,
  accountId: string | null,
): Promise<boolean> {
  const { numDeletedRows } = await db
    .deleteFrom("account_sessions")
    .where("session_id", "=", sessionId)
    .$if(accountId !== null, (all) => all.where("account_id", "=", accountId as string))
    .executeTakeFirst();
  return numDeletedRows > 0n;
}

/** Returns the secret of the link, which is told this once. */
export async function makeSignInLink(db: DatabaseOrTransaction, accountId: string): Promise<string> {
  const link = newSecret();
  const row = { link_hash: hashSecret(link), account_id: accountId, expires_at: inSeconds(linkSeconds) };
  await db.insertInto("sign_in_links").values(row).execute();
  return link;
}

/** Spends a link and returns its account; null when it was spent before or has expired. */
export async function spendSignInLink(db: DatabaseOrTransaction, link: string): Promise<string | null> {
  const row = await db
    .deleteFrom("sign_in_links")
    .where("link_hash", "=", hashSecret(link))
    .where("expires_at", ">", sql<Date>`now()`)
    .returning("account_id")
    .executeTakeFirst();
  return row?.account_id ?? null;
}

/** Forgets sessions and links that nobody can use any more. */
export async function dropEndedSignIns(db: DatabaseOrTransaction): Promise<void> {
  await db
    .deleteFrom("account_sessions")
    .where(({ not }) => not(inForce))
    .execute();
  await db.deleteFrom("sign_in_links").where("expires_at", "<=", sql<Date>`now()`).execute();
}
