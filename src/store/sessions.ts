/** What we hand out for a short while: links to the connect page, and tokens for mobile apps. */
import { randomUUID } from "node:crypto";
import type { Insertable, Selectable } from "kysely";
import { hashSecret, newSecret } from "../security/secrets.ts";
import type { DatabaseOrTransaction, WidgetSessionsTable } from "./tables.ts";

export type WidgetSession = Selectable<WidgetSessionsTable>;

const after = (seconds: number): Date => new Date(Date.now() + seconds * 1_000);

export async function createSession(
  db: DatabaseOrTransaction,
  session: Omit<Insertable<WidgetSessionsTable>, "session_id" | "expires_at" | "created_at">,
  lifetimeSeconds: number,
): Promise<WidgetSession> {
  return db
    .insertInto("widget_sessions")
    .values({ ...session, session_id: randomUUID(), expires_at: after(lifetimeSeconds) })
    .returningAll()
    .executeTakeFirstOrThrow();
}

/** The session of a connect link, or null when there is none or it has expired. */
export async function findSession(
  db: DatabaseOrTransaction,
  sessionId: string,
): Promise<WidgetSession | null> {
  const session = await db
    .selectFrom("widget_sessions")
    .selectAll()
    .where("session_id", "=", sessionId)
    .where("expires_at", ">", new Date())
    .executeTakeFirst();
  return session ?? null;
}

/** A token that one mobile app may redeem once. */
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

/** Forgets sessions and tokens that nobody can use any more. */
export async function dropExpiredSessions(db: DatabaseOrTransaction, now: Date): Promise<void> {
  await db.deleteFrom("widget_sessions").where("expires_at", "<", now).execute();
  await db.deleteFrom("auth_tokens").where("expires_at", "<", now).execute();
}
