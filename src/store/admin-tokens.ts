/** The admin token: one is in force, and the ones it replaced never come back. Stored as hashes. */
import { type Selectable, sql } from "kysely";
import { hashSecret, newSecret } from "../security/secrets.ts";
import type { AdminTokensTable, Database, DatabaseOrTransaction, DatabaseTransaction } from "./tables.ts";

export type AdminToken = Selectable<AdminTokensTable>;

/** A shorter token can be guessed. */
export const safeTokenLength = 16;

export async function tokenInForce(db: DatabaseOrTransaction): Promise<AdminToken | null> {
  const row = await db
    .selectFrom("admin_tokens")
    .selectAll()
    .where("retired_at", "is", null)
    .executeTakeFirst();
  return row ?? null;
}

/**
 * Puts a configured token into force. `retired`: it was replaced before, perhaps because it leaked, and stays
 * out of force.
 */
export async function giveToken(
  tx: DatabaseTransaction,
  token: string,
): Promise<"unchanged" | "replaced" | "retired"> {
  const hash = hashSecret(token);
  const known = await tx
    .selectFrom("admin_tokens")
    .select("retired_at")
    .where("token_hash", "=", hash)
    .executeTakeFirst();
  if (known !== undefined) return known.retired_at === null ? "unchanged" : "retired";
  await replaceToken(tx, { token_hash: hash, origin: "given", short: token.length < safeTokenLength });
  return "replaced";
}

/**
 * Makes a new token; the former one ends at once, in every process. Returns the token, which is shown only
 * this once.
 */
export async function makeToken(tx: DatabaseTransaction, origin: "made" | "rotated"): Promise<string> {
  const token = newSecret();
  await replaceToken(tx, { token_hash: hashSecret(token), origin, short: false });
  return token;
}

/** Replaces the token. @returns the new token, which is shown only this once */
export const rotateToken = (db: Database): Promise<string> =>
  db.transaction().execute((tx) => makeToken(tx, "rotated"));

async function replaceToken(
  tx: DatabaseTransaction,
  token: Pick<AdminToken, "token_hash" | "origin" | "short">,
): Promise<void> {
  await sql`SELECT pg_advisory_xact_lock(hashtext('systole admin token'))`.execute(tx);
  await tx
    .updateTable("admin_tokens")
    .set({ retired_at: new Date() })
    .where("retired_at", "is", null)
    .execute();
  await tx.insertInto("admin_tokens").values(token).execute();
}
