/**
 * Runs one check of a provider's probe against a connection: its calls are planned like fetches, with tokens that are
 * renewed and stored as always.
 */
import { SystoleError } from "../errors.ts";
import {
  type Grant,
  type ProbeAnswer,
  type ProbeCall,
  type ProbeCheck,
  type ProbeFinding,
  type Probing,
  type Provider,
  ProviderError,
} from "../providers/provider.ts";
import { providerBySlug } from "../providers/registry.ts";
import { type Connection, connectionIdOf } from "../store/connections.ts";
import { openGrants } from "../store/grants.ts";
import type { PersonSubscriptionDeps } from "./person-subscriptions.ts";
import { usableGrantOfConsent } from "./tokens.ts";

const answerMs = 60_000;

/** A person waits for the report. */
const rank = "request";

/** The result of a check: what was found, or the code of the error that ended it. */
export interface ProbeResult {
  readonly findings: readonly ProbeFinding[];
  readonly error: string | null;
}

/** Returns the checks of a connection's provider. @throws SystoleError PROBE_MISSING */
export function checksOf({ provider: slug }: Pick<Connection, "provider">): readonly ProbeCheck<unknown>[] {
  const { probe, name } = providerBySlug(slug) as Provider;
  if (probe === undefined) throw new SystoleError("PROBE_MISSING", { provider: name });
  return probe.checks;
}

/**
 * Runs the check of this name. One that changes something is run only with its option.
 * @throws SystoleError PROBE_MISSING, PROBE_CHECK_UNKNOWN
 */
export async function runCheck(
  deps: PersonSubscriptionDeps,
  connection: Connection,
  { name, options }: { readonly name: string; readonly options: readonly string[] },
): Promise<ProbeResult> {
  const check = checksOf(connection).find((one) => one.name === name);
  if (check === undefined) throw new SystoleError("PROBE_CHECK_UNKNOWN", { check: name });
  if (check.option !== undefined && !options.includes(check.option.name)) {
    throw new SystoleError("PROBE_CHECK_UNKNOWN", { check: name, option: check.option.name });
  }
  try {
    return { findings: await check.run(probing(deps, connection)), error: null };
  } catch (error) {
    if (!(error instanceof SystoleError)) throw error;
    return { findings: [], error: error.code };
  }
}

function probing(deps: PersonSubscriptionDeps, connection: Connection): Probing<unknown> {
  const id = connectionIdOf(connection);
  const provider = providerBySlug(connection.provider) as Provider;
  const owner = (consent: string) => ({ provider, id, consent });
  const grantOf = async (consent: string, refusedToken: string | null = null): Promise<Grant> => {
    const grant = await usableGrantOfConsent(deps, owner(consent), refusedToken);
    if (grant === null) throw new SystoleError("PROBE_CONSENT_MISSING", { consent });
    return grant;
  };
  return {
    grants: openGrants(deps.store.keyRing, id, connection.grant_sealed),
    memberId: connection.user_id,
    now: new Date(),
    ask: async (call) => planned(deps, { provider, connection }, call, await grantOf(call.consent)),
    renew: async (consent) => grantOf(consent, (await grantOf(consent)).accessToken),
  };
}

/** Makes a call within the limits. A refusal for its rate counts there, and is an answer here. */
async function planned(
  { clients, planner }: PersonSubscriptionDeps,
  { provider, connection }: { readonly provider: Provider; readonly connection: Connection },
  { api, send }: ProbeCall<unknown>,
  grant: Grant,
): Promise<ProbeAnswer> {
  const { environment_id: environmentId, provider_user_id: providerUserId } = connection;
  const access = await clients.accessFor({ environmentId, provider: provider.slug });
  const gapMs = provider.apis[api]?.personGapMs?.(access.settings) ?? 0;
  const person = { environmentId, provider: provider.slug, providerUserId, gapMs };
  const refused: ProbeAnswer[] = [];
  const call = { ...person, api, resource: "probe", rank } as const;
  return planner
    .call(call, async () => {
      const answer = await send(access, grant, AbortSignal.timeout(answerMs));
      if (answer.status !== 429) return answer;
      refused.push(answer);
      throw new ProviderError("PROVIDER_RATE_LIMITED", "later", {}, { rateLimit: answer.rateLimit ?? null });
    })
    .catch((error: unknown) => {
      const [answer] = refused;
      if (answer === undefined) throw error;
      return answer;
    });
}
