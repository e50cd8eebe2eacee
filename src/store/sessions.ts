/** Short-lived credentials: links to the connect page, and tokens for mobile apps. */
import { randomUUID } from "node:crypto";
import type { Insertable, Selectable } from "kysely";
import { hashSecret, newSecret } from "../security/secrets.ts";
import type { DatabaseOrTransaction, DatabaseTransaction, WidgetSessionsTable } from "./tables.ts";

export type WidgetSession = Selectable<WidgetSessionsTable>;

const after = (seconds: number): Date => new Date(Date.now() + seconds * 1_000);

/** How long a flow may still finish after its session has expired. */
const finishingMs = 3_600_000;

type NewSession = Omit<
  Insertable<WidgetSessionsTable>,
  "session_id" | "link_hash" | "used_at" | "expires_at" | "created_at"
>;

/** Creates a session and the secret of its connect link, which is shown only this once. */
export async function createSession(
  db: DatabaseOrTransaction,
  session: NewSession,
  lifetimeSeconds: number,
): Promise<{ readonly session: WidgetSession; readonly link: string }> {
  const link = newSecret();
  const row = { session_id: randomUUID(), link_hash: hashSecret(link), expires_at: after(lifetimeSeconds) };
  const made = await db
    .insertInto("widget_sessions")
    .values({ ...session, ...row })
    .returningAll()
    .executeTakeFirstOrThrow();
  return { session: made, link };
}

/** Returns the session of a connect link, also a used one; null when there is none or it has expired. */
export async function findSession(db: DatabaseOrTransaction, link: string): Promise<WidgetSession | null> {
  const session = await findLinkedSession(db, link);
  return session !== null && session.expires_at > new Date() ? session : null;
}

/** The session of a connect link, used and expired ones included as long as they are kept; null when there is none. */
export async function findLinkedSession(
  db: DatabaseOrTransaction,
  link: string,
): Promise<WidgetSession | null> {
  const session = await db
    .selectFrom("widget_sessions")
    .selectAll()
    .where("link_hash", "=", hashSecret(link))
    .executeTakeFirst();
  return session ?? null;
}

/** Whether its link still leads to something. */
export const isOpen = ({ used_at: usedAt, expires_at: expiresAt }: WidgetSession): boolean =>
  usedAt === null && expiresAt > new Date();

export interface SessionId {
  readonly environmentId: string;
  readonly sessionId: string;
}

/** Whether a person may still connect through the session; an expired one may finish what it began. */
export async function isSessionOpen(
  db: DatabaseOrTransaction,
  { environmentId, sessionId }: SessionId,
): Promise<boolean> {
  const open = await db
    .selectFrom("widget_sessions")
    .select("session_id")
    .where("environment_id", "=", environmentId)
    .where("session_id", "=", sessionId)
    .where("used_at", "is", null)
    .executeTakeFirst();
  return open !== undefined;
}

/** Ends a session with its connection; returns false when another connection was faster. */
export async function spendSession(
  tx: DatabaseTransaction,
  { environmentId, sessionId }: SessionId,
): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable("widget_sessions")
    .set({ used_at: new Date() })
    .where("environment_id", "=", environmentId)
    .where("session_id", "=", sessionId)
    .where("used_at", "is", null)
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}

/** How long a token that was used or has expired is known as such. */
const tellingMs = 24 * 3_600_000;

/** Creates a token that one mobile app may redeem once. */
export async function createAuthToken(
  db: DatabaseOrTransaction,
  { environmentId, referenceId }: { environmentId: string; referenceId: string | null },
  lifetimeSeconds: number,
): Promise<string> {
  const token = newSecret();
  await db
    .insertInto("auth_tokens")
    .values({
      environment_id: environmentId,
      token_hash: hashSecret(token),
      reference_id: referenceId,
      expires_at: after(lifetimeSeconds),
    })
    .execute();
  return token;
}

export interface RedeemedToken {
  readonly environmentId: string;
  readonly referenceId: string | null;
}

export type UnredeemedReason = "unknown" | "used" | "expired" | "other environment";

/**
 * Uses up a token. Of two that do so at once, the second waits for the first and finds it used.
 * @param environmentId the environment that the app names; null when it names none
 */
export async function redeemAuthToken(
  tx: DatabaseTransaction,
  token: string,
  environmentId: string | null,
): Promise<RedeemedToken | UnredeemedReason> {
  const found = await tx
    .selectFrom("auth_tokens")
    .selectAll()
    .where("token_hash", "=", hashSecret(token))
    .forUpdate()
    .executeTakeFirst();
  if (found === undefined) return "unknown";
  if (environmentId !== null && found.environment_id !== environmentId) return "other environment";
  if (found.redeemed_at !== null) return "used";
  if (found.expires_at <= new Date()) return "expired";
  await tx
    .updateTable("auth_tokens")
    .set({ redeemed_at: new Date() })
    .where("token_hash", "=", found.token_hash)
    .execute();
  return { environmentId: found.environment_id, referenceId: found.reference_id };
}

/** Deletes sessions and tokens that can no longer be used. Tokens stay a while, so that a late app learns why. */
export async function dropExpiredSessions(db: DatabaseOrTransaction, now: Date): Promise<void> {
  const finished = new Date(now.getTime() - finishingMs);
  await db.deleteFrom("widget_sessions").where("expires_at", "<", finished).execute();
  await db
    .deleteFrom("auth_tokens")
    .where("expires_at", "<", new Date(now.getTime() - tellingMs))
    .execute();
}
