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
import { type Connection, lockConnection } from "../store/connections.ts";
import { grantFor, openGrants } from "../store/grants.ts";
import type { Notification } from "../store/notifications.ts";
import { rankOf } from "../store/ranks.ts";
import { type FetchedPayload, keepRawPayload, nextFetchOrder, pointParts } from "../store/raw-payloads.ts";
import type { IngestDeps } from "./deps.ts";
import { type ChangeContext, noteChanges } from "./discovery/changes.ts";
import type { SplitBody } from "./parsing/split.ts";
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
 * Fetches, keeps and splits. An empty answer (204) has no parts; null when the connection is gone by the time
 * the answer is here: then nothing of it is kept.
 * @throws ProviderError; a body that cannot be read has been kept all the same. PostponedError; StoppedError
 */
export async function fetchResource(
  deps: IngestDeps,
  provider: Provider,
  connection: Connection,
  ref: ResourceRef,
  notification: Notification,
): Promise<FetchedParts | null> {
  const { db, keyRing } = deps.store;
  const id = { environmentId: connection.environment_id, userId: connection.user_id };
  const resource = resourceOf(provider, ref);
  const client = await deps.clients.clientFor({ environmentId: id.environmentId, provider: provider.slug });
  const fetchOrder = await nextFetchOrder(db);
  const request = resource.request(ref.key, connection.provider_user_id);
  const grant = grantFor(openGrants(keyRing, id, connection.grant_sealed), resource.api);
  const { name, api } = resource;
  const planned = { environmentId: id.environmentId, provider: provider.slug, api, resource: name };
  const stopping = deps.stopping ?? never;
  const signal = AbortSignal.any([AbortSignal.timeout(fetchTimeoutMs), stopping]);
  const response = await deps.planner
    .call({ ...planned, rank: rankOf(notification.priority) }, () => client.fetch(request, grant, signal))
    .catch((error: unknown) => {
      throw stopping.aborted ? new StoppedError() : error;
    });
  if (response.status === 204) return nothing;
  const { key } = ref;
  const notificationId = notification.notification_id;
  const asked = { resource: name, key, request, response, notificationId };
  const payload = { ...asked, connection: id, provider: provider.slug };
  const context = { deps, provider, connection, notification, ref };
  const split = await splitKept(context, payload);
  if (split === null) return null;
  const kept = await keep(context, resource, payload, fetchOrder, split.parts);
  if (kept === null) return null;
  const { environmentId } = id;
  deps.unknownLeaves?.look({ environmentId, provider, rawPayloadId: kept.rawPayloadId }, split.parts);
  const { failed, ...read } = split;
  const refused = failed ?? read.refused;
  if (refused !== null) noteRefused(context, refused, kept.rawPayloadId);
  if (failed !== null) throw failed;
  return { ...read, ...kept };
}

function noteRefused(
  { deps, provider, connection, notification, ref }: ChangeContext,
  { code, details }: ProviderError,
  rawPayloadId: string,
): void {
  deps.bodyRefused?.(provider.slug, ref.resource, code);
  const about = { trace_id: notification.trace_id, user_id: connection.user_id, provider: provider.slug };
  const what = { code, resource: ref.resource, key: ref.key, raw_payload_id: rawPayloadId };
  deps.log.warn({ ...details, ...about, ...what }, "a body cannot be read");
}

/** What is large is kept before anybody tries to read it. Null when the connection is gone. */
async function splitKept(
  { deps, provider, ref }: ChangeContext,
  payload: FetchedPayload,
): Promise<SplitBody | null> {
  const { body } = payload.response;
  const small = deps.parsing.splitSmall(provider, ref, body);
  if (small !== null) return small;
  const { environmentId } = payload.connection;
  const rawPayloadId = await deps.store.db.transaction().execute(async (tx) => {
    const connection = await lockConnection(tx, payload.connection);
    return connection === null ? null : keepRawPayload(tx, payload);
  });
  if (rawPayloadId === null) return null;
  return deps.parsing.split({ environmentId, rawPayloadId, provider, ...ref }, body);
}

/** Kept under the connection's lock, so that nothing of a person can come back after they were erased. */
function keep(
  context: ChangeContext,
  resource: Resource,
  payload: FetchedPayload,
  fetchOrder: string,
  parts: readonly Part[],
): Promise<Pick<FetchedParts, "rawPayloadId" | "changed" | "gaps"> | null> {
  return context.deps.store.db.transaction().execute(async (tx) => {
    if ((await lockConnection(tx, payload.connection)) === null) return null;
    const rawPayloadId = await keepRawPayload(tx, payload);
    const source = { rawPayloadId, resourceKey: payload.key, fetchOrder };
    const fingerprint = (part: Part) =>
      part.resource === resource.name ? (resource.fingerprint?.(part) ?? null) : null;
    const changes = await pointParts(tx, payload.connection, source, parts, fingerprint);
    const gaps = await noteChanges(tx, context, changes);
    return { rawPayloadId, changed: [...changes.added, ...changes.changed], gaps };
  });
}

export function resourceOf(provider: Provider, ref: ResourceRef): Resource {
  const resource = provider.resources.find(({ name }) => name === ref.resource);
  if (resource === undefined) throw new SystoleError("INTERNAL", { provider: provider.slug, ...ref });
  return resource;
}
