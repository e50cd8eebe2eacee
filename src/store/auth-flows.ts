/** Authorisations under way: what an OAuth state stands for, until it returns once. */
import { timingSafeEqual } from "node:crypto";
import { type Insertable, type Selectable, sql } from "kysely";
import { hashSecret, newSecret } from "../security/secrets.ts";
import type { Connection } from "./connections.ts";
import type { AuthFlowsTable, Database, DatabaseOrTransaction, DatabaseTransaction } from "./tables.ts";

export type AuthFlow = Selectable<AuthFlowsTable>;

/** A flow whose person has agreed at the provider, but with another account than that of their connection. */
export interface AskedFlow extends AuthFlow {
  readonly provider_user_id: string;
  readonly grant_sealed: Buffer;
  readonly replaces: string[];
}

/** Long enough to create an account at the provider. */
const stateMs = 30 * 60_000;
const questionMs = 15 * 60_000;
/** The most tabs that one connect link may have open at the provider. */
const openFlowsPerSession = 5;

type NewFlow = Omit<Insertable<AuthFlowsTable>, "state_hash" | "expires_at" | "created_at" | "browser_hash">;

/** Returns the context that binds a flow's sealed code verifier. */
export const codeVerifierContext = (id: { environmentId: string; userId: string }): string =>
  `auth_flows:${id.environmentId}:${id.userId}:code_verifier`;

/**
 * Stores a new flow under its state, which only the browser knows from then on. With `browser`, the secret of
 * a browser's cookie, only that browser can finish it.
 */
export function beginFlow(
  db: Database,
  flow: NewFlow,
  { state, browser }: { readonly state: string; readonly browser: string | null },
): Promise<void> {
  return db.transaction().execute(async (tx) => {
    if (flow.session_id != null) await makeRoom(tx, flow.environment_id, flow.session_id);
    await tx
      .insertInto("auth_flows")
      .values({
        ...flow,
        state_hash: hashSecret(state),
        browser_hash: browser === null ? null : hashSecret(browser),
        expires_at: new Date(Date.now() + stateMs),
      })
      .execute();
  });
}

/**
 * Deletes the oldest open flow of a session when there are too many, so that pressing the button again always
 * works.
 */
async function makeRoom(tx: DatabaseTransaction, environmentId: string, sessionId: string): Promise<void> {
  const lock = `${environmentId} ${sessionId}`;
  await sql`SELECT pg_advisory_xact_lock(hashtextextended(${lock}, 2))`.execute(tx);
  const open = await tx
    .selectFrom("auth_flows")
    .select("state_hash")
    .where("environment_id", "=", environmentId)
    .where("session_id", "=", sessionId)
    .where("grant_sealed", "is", null)
    .orderBy("created_at", "desc")
    .offset(openFlowsPerSession - 1)
    .execute();
  if (open.length === 0) return;
  await tx
    .deleteFrom("auth_flows")
    .where("environment_id", "=", environmentId)
    .where(
      "state_hash",
      "in",
      open.map((flow) => flow.state_hash),
    )
    .execute();
}

/**
 * Takes the flow of a state, which works once; returns null when there is none or it has expired. A flow that
 * another browser began is left in place: `other browser`.
 */
export async function takeFlow(
  db: DatabaseOrTransaction,
  { provider, state, browser }: { provider: string; state: string; browser: string | null },
): Promise<AuthFlow | "other browser" | null> {
  const found = await byHash(db, state).where("grant_sealed", "is", null).executeTakeFirst();
  if (found === undefined || found.provider !== provider || found.expires_at <= new Date()) return null;
  if (!isOfBrowser(found, browser)) return "other browser";
  return take(db, found);
}

/**
 * Stores the person's permission until they have said whether it replaces `replaces`; returns the question's
 * secret.
 */
export async function keepQuestion(
  tx: DatabaseTransaction,
  flow: AuthFlow,
  question: Pick<AskedFlow, "grant_sealed" | "provider_user_id" | "replaces">,
  browser: string,
): Promise<string> {
  const secret = newSecret();
  const { created_at: _, agreement, ...kept } = flow;
  await tx
    .insertInto("auth_flows")
    .values({
      ...kept,
      ...question,
      agreement: agreement && JSON.stringify(agreement),
      state_hash: hashSecret(secret),
      browser_hash: hashSecret(browser),
      expires_at: new Date(Date.now() + questionMs),
    })
    .execute();
  return secret;
}

/** Returns the question to be shown; null when there is none, it was answered or has expired. */
export async function findQuestion(
  db: DatabaseOrTransaction,
  secret: string,
  browser: string | null,
): Promise<AskedFlow | "other browser" | null> {
  const found = await byHash(db, secret).where("grant_sealed", "is not", null).executeTakeFirst();
  if (found === undefined || found.expires_at <= new Date()) return null;
  return isOfBrowser(found, browser) ? (found as AskedFlow) : "other browser";
}

/** Takes the question for its one answer; returns null when another request was faster. */
export const takeQuestion = (tx: DatabaseTransaction, flow: AskedFlow): Promise<AskedFlow | null> =>
  take(tx, flow) as Promise<AskedFlow | null>;

/** Deletes flows that were never finished, and returns those whose permission has to be revoked. */
export async function dropExpiredFlows(tx: DatabaseTransaction, now: Date): Promise<AskedFlow[]> {
  const gone = await tx.deleteFrom("auth_flows").where("expires_at", "<", now).returningAll().execute();
  return gone.filter((flow): flow is AskedFlow => flow.grant_sealed !== null);
}

/** Deletes the open questions of a person who is erased, and returns those whose permission has to be revoked. */
export async function dropQuestions(
  tx: DatabaseTransaction,
  { environment_id, user_id, reference_id, provider, provider_user_id }: Connection,
): Promise<AskedFlow[]> {
  const gone = await tx
    .deleteFrom("auth_flows")
    .where("environment_id", "=", environment_id)
    .where("grant_sealed", "is not", null)
    .where(({ eb, or, and }) =>
      or([
        sql<boolean>`${user_id}::uuid = ANY(replaces)`,
        and([eb("provider", "=", provider), eb("provider_user_id", "=", provider_user_id)]),
        and([eb("provider", "=", provider), eb("reference_id", "=", reference_id)]),
      ]),
    )
    .returningAll()
    .execute();
  return gone as AskedFlow[];
}

const byHash = (db: DatabaseOrTransaction, secret: string) =>
  db.selectFrom("auth_flows").selectAll().where("state_hash", "=", hashSecret(secret));

async function take(db: DatabaseOrTransaction, flow: AuthFlow): Promise<AuthFlow | null> {
  const taken = await db
    .deleteFrom("auth_flows")
    .where("environment_id", "=", flow.environment_id)
    .where("state_hash", "=", flow.state_hash)
    .returningAll()
    .executeTakeFirst();
  return taken ?? null;
}

/**
 * Whether the browser may finish the flow. Flows of `authenticateUser` begin at the developer's server and
 * have no browser.
 */
function isOfBrowser({ browser_hash: expected }: AuthFlow, browser: string | null): boolean {
  if (expected === null) return true;
  return browser !== null && timingSafeEqual(expected, hashSecret(browser));
}
