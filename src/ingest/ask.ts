/**
 * Makes one call to a provider for one person: planned within the limits, with a valid token, and repeated
 * once if the token is refused.
 */
import type { ApiClient } from "../connections/provider-clients.ts";
import { withPermission } from "../connections/refused-permission.ts";
import { type TokenOwner, usableGrant } from "../connections/tokens.ts";
import { SystoleError } from "../errors.ts";
import {
  type Grant,
  ProviderError,
  type ProviderRequest,
  type ProviderResponse,
  type ServedResource,
} from "../providers/provider.ts";
import { sideBySide } from "../side-by-side.ts";
import { rankOf } from "../store/ranks.ts";
import { nextFetchOrder } from "../store/raw-payloads.ts";
import type { SettlingAnswer } from "../sync/planner/planner.ts";
import { ConnectionGone } from "../sync/run.ts";
import type { IngestRun } from "./deps.ts";
import { RenewalError } from "./renewal-error.ts";
import { StoppedError } from "./stopped.ts";

/** A provider takes seconds to answer; a stuck connection must not hold a worker for ever. */
const answerMs = 30_000;
const never = new AbortController().signal;

/** The resource and the request to make. */
export interface Asking {
  readonly resource: Pick<ServedResource, "name" | "api">;
  readonly request: ProviderRequest;
}

export interface Asked {
  /** Drawn before the request was sent. */
  readonly fetchOrder: string;
  readonly response: ProviderResponse;
  /** Ends when the limits know of the answer; to be waited for. */
  readonly settled: Promise<void>;
}

/** @throws ProviderError, RenewalError, PostponedError, StoppedError, ConnectionGone */
export async function askProvider(run: IngestRun, asking: Asking): Promise<Asked> {
  const owner = { provider: run.provider, id: run.id, api: asking.resource.api };
  const [grant, client, fetchOrder] = await sideBySide(
    grantOf(run, owner, null),
    clientOf(run, asking),
    nextFetchOrder(run.deps.store.db),
  );
  const { answer: response, settled } = await sendRenewing(run, asking, { owner, grant, client });
  return { fetchOrder, response, settled };
}

interface Caller {
  readonly owner: TokenOwner;
  readonly grant: Grant;
  readonly client: ApiClient;
}

async function sendRenewing(
  run: IngestRun,
  asking: Asking,
  { owner, grant, client }: Caller,
): Promise<SettlingAnswer<ProviderResponse>> {
  try {
    return await send(run, asking, grant, client);
  } catch (error) {
    const isRefused = error instanceof ProviderError && error.code === "PROVIDER_UNAUTHORIZED";
    if (!isRefused) throw error;
    if (grant.renewal === null) throw ofPermission(owner, grant, error);
    const renewed = await grantOf(run, owner, grant.accessToken);
    return send(run, asking, renewed, await clientOf(run, asking)).catch((again: unknown) => {
      throw ofPermission(owner, renewed, again);
    });
  }
}

const ofPermission = ({ api }: TokenOwner, grant: Grant, error: unknown): unknown =>
  withPermission(error, grant, { api, isRenewal: false, isEarly: false });

/** @throws RenewalError, ConnectionGone */
async function grantOf({ deps }: IngestRun, owner: TokenOwner, refusedToken: string | null): Promise<Grant> {
  const grant = await usableGrant(deps, owner, refusedToken).catch((error: unknown) => {
    throw error instanceof ProviderError ? new RenewalError(error) : error;
  });
  if (grant === null) throw new ConnectionGone();
  return grant;
}

const clientOf = ({ deps, provider, id: { environmentId } }: IngestRun, { resource }: Asking) =>
  deps.clients.clientFor({ environmentId, provider: provider.slug }, resource.api);

async function send(
  { deps, provider, connection, id: { environmentId }, task }: IngestRun,
  { resource: { name, api }, request }: Asking,
  grant: Grant,
  { access, budget }: ApiClient,
): Promise<SettlingAnswer<ProviderResponse>> {
  const declared = provider.apis[api];
  if (declared === undefined) {
    throw new SystoleError("INTERNAL", { reason: `${provider.slug} has no ${api}` });
  }
  const stopping = deps.stopping ?? never;
  // The time to answer begins when the call is made: before that it may wait for its turn.
  const signal = () => AbortSignal.any([AbortSignal.timeout(answerMs), stopping]);
  const gapMs = declared.personGapMs?.(access.settings) ?? 0;
  const person = { provider: provider.slug, providerUserId: connection.provider_user_id, gapMs };
  const call = { environmentId, ...person, api, resource: name, rank: rankOf(task.priority), budget };
  return deps.planner
    .ask(call, () => declared.send(access, request, grant, signal()))
    .catch((error: unknown) => {
      throw stopping.aborted ? new StoppedError() : error;
    });
}
