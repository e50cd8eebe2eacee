/** Fetching: one resource of one connection, kept raw before anything is made of it. */
import { SystoleError } from "../errors.ts";
import type {
  IndexEntry,
  Part,
  Provider,
  ProviderError,
  Resource,
  ResourceRef,
} from "../providers/provider.ts";
import { grantFor, openGrants } from "../store/grants.ts";
import { rankOf } from "../store/ranks.ts";
import { nextFetchOrder } from "../store/raw-payloads.ts";
import type { IngestRun } from "./deps.ts";
import { type Answer, keepParts, splitAnswer } from "./keep.ts";
import { StoppedError } from "./stopped.ts";

/** Polar's own time for an answer is seconds; a stuck connection must not hold a worker for ever. */
const fetchTimeoutMs = 30_000;
const never = new AbortController().signal;

/** Parts as they were just fetched, with the payload they came in. */
export interface FetchedParts {
  readonly rawPayloadId: string;
  readonly parts: readonly Part[];
  /** Why other items of the same list are not among them; null when all are. */
  readonly refused: ProviderError | null;
  /** Those of the parts that were not there before, or said something else. */
  readonly changed: readonly Part[];
  /** How many of those nobody had told us of, where we looked for just that. */
  readonly gaps: number;
  /** What an index lists; null for anything else. */
  readonly entries: readonly IndexEntry[] | null;
}

const nothing: FetchedParts = {
  rawPayloadId: "",
  parts: [],
  refused: null,
  changed: [],
  gaps: 0,
  entries: null,
};

/**
 * Fetches, keeps and splits. An empty answer (204) has no parts.
 * @throws ProviderError; a body that cannot be read has been kept all the same. PostponedError. StoppedError.
 * ConnectionGone: nothing of the answer is kept
 */
export async function fetchResource(run: IngestRun, ref: ResourceRef): Promise<FetchedParts> {
  const answer = await ask(run, resourceOf(run.provider, ref), ref.key);
  if (answer.response.status === 204) return nothing;
  const split = await splitAnswer(run, answer);
  const kept = await keepParts(run, answer, split.parts);
  const { rawPayloadId } = kept;
  const { provider, id, deps } = run;
  deps.unknownLeaves?.look({ environmentId: id.environmentId, provider, rawPayloadId }, split.parts);
  const { failed, ...read } = split;
  const refused = failed ?? read.refused;
  if (refused !== null) noteRefused(run, ref, refused, rawPayloadId);
  if (failed !== null) throw failed;
  return { ...read, ...kept };
}

/** @throws ProviderError, PostponedError, StoppedError */
async function ask(
  { deps, provider, connection, id, task }: IngestRun,
  resource: Resource,
  key: string,
): Promise<Answer> {
  const { environmentId } = id;
  const { name, api } = resource;
  const client = await deps.clients.clientFor({ environmentId, provider: provider.slug });
  const fetchOrder = await nextFetchOrder(deps.store.db);
  const request = resource.request(key, connection.provider_user_id);
  const grant = grantFor(openGrants(deps.store.keyRing, id, connection.grant_sealed), api);
  const planned = { environmentId, provider: provider.slug, api, resource: name };
  const stopping = deps.stopping ?? never;
  const signal = AbortSignal.any([AbortSignal.timeout(fetchTimeoutMs), stopping]);
  const response = await deps.planner
    .call({ ...planned, rank: rankOf(task.priority) }, () => client.fetch(request, grant, signal))
    .catch((error: unknown) => {
      throw stopping.aborted ? new StoppedError() : error;
    });
  return { resource, key, fetchOrder, request, response };
}

function noteRefused(
  { deps, provider, id, task }: IngestRun,
  { resource, key }: ResourceRef,
  { code, details }: ProviderError,
  rawPayloadId: string,
): void {
  deps.bodyRefused?.(provider.slug, resource, code);
  const about = { trace_id: task.trace_id, user_id: id.userId, provider: provider.slug };
  const what = { code, resource, key, raw_payload_id: rawPayloadId };
  deps.log.warn({ ...details, ...about, ...what }, "a body cannot be read");
}

export function resourceOf(provider: Provider, ref: ResourceRef): Resource {
  const resource = provider.resources.find(({ name }) => name === ref.resource);
  if (resource === undefined) throw new SystoleError("INTERNAL", { provider: provider.slug, ...ref });
  return resource;
}
