/** Codes that a person types into an app to connect its SDK. They work once, and only their hashes are stored. */
import { randomInt } from "node:crypto";
import { sql } from "kysely";
import { hashSecret } from "../security/secrets.ts";
import { type ConnectionId, connectionIdOf } from "./connections.ts";
import type { DatabaseOrTransaction, DatabaseTransaction } from "./tables.ts";

/** Letters and digits that nobody mistakes for one another: no I, O, 0 and 1. */
const symbols = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789";
const length = 8;

export interface InvitationCode {
  /** Shown only this once. */
  readonly code: string;
  readonly expiresAt: Date;
}

export async function makeInvitationCode(
  db: DatabaseOrTransaction,
  { environmentId, userId }: ConnectionId,
  lifetimeSeconds: number,
): Promise<InvitationCode> {
  const code = Array.from({ length }, () => symbols.charAt(randomInt(symbols.length))).join("");
  const made = await db
    .insertInto("invitation_codes")
    .values({
      environment_id: environmentId,
      code_hash: hashSecret(code),
      user_id: userId,
      expires_at: sql<Date>`now() + make_interval(secs => ${lifetimeSeconds})`,
    })
    .returning("expires_at")
    .executeTakeFirstOrThrow();
  return { code, expiresAt: made.expires_at };
}

/** Uses up a code, and returns its connection; null when there is none, or it was used or has expired. */
export async function redeemInvitationCode(
  tx: DatabaseTransaction,
  code: string,
): Promise<ConnectionId | null> {
  const row = await tx
    .updateTable("invitation_codes")
    .set({ redeemed_at: sql<Date>`now()` })
    .where("code_hash", "=", hashSecret(code))
    .where("redeemed_at", "is", null)
    .where("expires_at", ">", sql<Date>`now()`)
    .returning(["environment_id", "user_id"])
    .executeTakeFirst();
  return row === undefined ? null : connectionIdOf(row);
}
