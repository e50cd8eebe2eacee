/**
 * The question whether another account replaces the connected one. It is asked after the provider has named
 * the account: only then is a difference known.
 */
import { SystoleError } from "../errors.ts";
import { providerBySlug } from "../providers/registry.ts";
import { type AskedFlow, dropExpiredFlows, findQuestion, takeQuestion } from "../store/auth-flows.ts";
import { connectionIdOf, findMany } from "../store/connections.ts";
import { openGrants } from "../store/grants.ts";
import type { DatabaseTransaction } from "../store/tables.ts";
import { createRevocation } from "../sync/create-tasks.ts";
import { connectOrAsk } from "./complete.ts";
import type { ConnectionsDeps } from "./deps.ts";
import { type AuthorizationOutcome, cancelFlow } from "./outcome.ts";

export interface QuestionId {
  readonly question: string;
  /** The secret of the browser's cookie. */
  readonly browser: string;
}

export interface ShownQuestion {
  /** The provider's display name. */
  readonly provider: string;
  readonly connectedSince: readonly Date[];
  /** The developer's addresses; the answer leads to one of them. */
  readonly leadsTo: readonly string[];
  readonly environmentId: string;
  /** The language of the page; null for the browser's. */
  readonly language: string | null;
}

/** @throws SystoleError REPLACEMENT_EXPIRED, OAUTH_OTHER_BROWSER */
export async function showQuestion(deps: ConnectionsDeps, id: QuestionId): Promise<ShownQuestion> {
  const flow = await foundQuestion(deps, id);
  const replaced = await findMany(deps.store.db, flow.environment_id, flow.replaces);
  const connectedSince = replaced.map((connection) => connection.created_at);
  const leadsTo = [flow.success_url, flow.failure_url].filter((url) => url !== null);
  return {
    provider: providerBySlug(flow.provider).displayName,
    connectedSince,
    leadsTo,
    environmentId: flow.environment_id,
    language: flow.language,
  };
}

/** @throws SystoleError REPLACEMENT_EXPIRED, OAUTH_OTHER_BROWSER, SESSION_USED */
export async function answerQuestion(
  deps: ConnectionsDeps,
  { replace, ...id }: QuestionId & { readonly replace: boolean },
): Promise<AuthorizationOutcome> {
  const found = await foundQuestion(deps, id);
  return replace ? replaceAccount(deps, found, id.browser) : keepAccount(deps, found);
}

/** Treats an unanswered question as declined: revokes the permission. */
export async function endExpiredFlows({ store, log }: ConnectionsDeps, now: Date): Promise<void> {
  const asked = await store.db.transaction().execute(async (tx) => {
    const expired = await dropExpiredFlows(tx, now);
    for (const flow of expired) await createRevocation(tx, store.queue, flow);
    return expired;
  });
  for (const { user_id, provider } of asked) {
    log.info({ flow_id: user_id, provider }, "the question about replacing an account was not answered");
  }
}

async function foundQuestion(
  { store }: ConnectionsDeps,
  { question, browser }: QuestionId,
): Promise<AskedFlow> {
  const found = await findQuestion(store.db, question, browser);
  if (found === null) throw new SystoleError("REPLACEMENT_EXPIRED");
  if (found === "other browser") throw new SystoleError("OAUTH_OTHER_BROWSER");
  return found;
}

/**
 * Replaces the account. If the link was used up meanwhile, the question stays, and its permission is revoked
 * when it expires.
 */
function replaceAccount(
  deps: ConnectionsDeps,
  found: AskedFlow,
  browser: string,
): Promise<AuthorizationOutcome> {
  const { keyRing, db } = deps.store;
  return db.transaction().execute(async (tx) => {
    const flow = await taken(tx, found);
    const id = connectionIdOf(flow);
    const [grant] = openGrants(keyRing, id, flow.grant_sealed);
    if (grant === undefined) throw new SystoleError("INTERNAL", { reason: "a question without a grant" });
    const granted = { flow, grant, approved: flow.replaces, browser };
    return connectOrAsk(deps, tx, providerBySlug(flow.provider), granted);
  });
}

async function keepAccount(deps: ConnectionsDeps, found: AskedFlow): Promise<AuthorizationOutcome> {
  const { store } = deps;
  const flow = await store.db.transaction().execute(async (tx) => {
    const declined = await taken(tx, found);
    await createRevocation(tx, store.queue, declined);
    return declined;
  });
  return cancelFlow(deps, flow, new SystoleError("REPLACEMENT_DECLINED"));
}

/** @throws SystoleError REPLACEMENT_EXPIRED */
async function taken(tx: DatabaseTransaction, found: AskedFlow): Promise<AskedFlow> {
  const flow = await takeQuestion(tx, found);
  if (flow === null) throw new SystoleError("REPLACEMENT_EXPIRED");
  return flow;
}
