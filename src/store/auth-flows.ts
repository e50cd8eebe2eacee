/** Authorisations under way: what an OAuth state stands for, until it comes back once. */
import type { Insertable, Selectable } from "kysely";
import { hashSecret, newSecret } from "../security/secrets.ts";
import type { AuthFlowsTable, DatabaseOrTransaction } from "./tables.ts";

export type AuthFlow = Selectable<AuthFlowsTable>;

/** People read consent pages slowly; a link sent by mail may lie for a while. */
const lifetimeMs = 24 * 3_600_000;

/** Keeps a new flow and answers its state, which only the browser will know from then on. */
export async function beginFlow(
  db: DatabaseOrTransaction,
  flow: Omit<Insertable<AuthFlowsTable>, "state_hash" | "expires_at" | "created_at">,
): Promise<string> {
  const state = newSecret();
  const expiresAt = new Date(Date.now() + lifetimeMs);
  await db
    .insertInto("auth_flows")
    .values({ ...flow, state_hash: hashSecret(state), expires_at: expiresAt })
    .execute();
  return state;
}

/** The flow of a state, which cannot be taken a second time; null when there is none or it has expired. */
export async function takeFlow(
  db: DatabaseOrTransaction,
  provider: string,
  state: string,
): Promise<AuthFlow | null> {
  const flow = await db
    .deleteFrom("auth_flows")
    .where("state_hash", "=", hashSecret(state))
    .where("provider", "=", provider)
    .returningAll()
    .executeTakeFirst();
  return flow !== undefined && flow.expires_at > new Date() ? flow : null;
}

/** Forgets flows that were never finished. */
export async function dropExpiredFlows(db: DatabaseOrTransaction, now: Date): Promise<void> {
  await db.deleteFrom("auth_flows").where("expires_at", "<", now).execute();
}
