/** Fetching: one resource of one connection, kept raw before anything is made of it. */
import { SystoleError } from "../errors.ts";
import { type Part, type Provider, ProviderError, type ResourceRef } from "../providers/provider.ts";
import { type Connection, openGrant } from "../store/connections.ts";
import { keepRawPayload, nextFetchOrder, pointParts } from "../store/raw-payloads.ts";
import type { IngestDeps } from "./deps.ts";

/** Polar's own time for an answer is seconds; a stuck connection must not hold a worker for ever. */
const fetchTimeoutMs = 30_000;

/** Parts as they were just fetched, with the payload they came in. */
export interface FetchedParts {
  readonly rawPayloadId: string;
  readonly parts: readonly Part[];
}

const nothing: FetchedParts = { rawPayloadId: "", parts: [] };

/**
 * Fetches, keeps and splits. An empty answer (204) has no parts.
 * @throws ProviderError; a body that cannot be read has been kept all the same.
 */
export async function fetchResource(
  deps: IngestDeps,
  provider: Provider,
  connection: Connection,
  ref: ResourceRef,
  notificationId: string,
): Promise<FetchedParts> {
  const { db, keyRing } = deps.store;
  const id = { environmentId: connection.environment_id, userId: connection.user_id };
  const resource = resourceOf(provider, ref);
  const client = await deps.clients.clientFor({ environmentId: id.environmentId, provider: provider.slug });
  const fetchOrder = await nextFetchOrder(db);
  const request = resource.request(ref.key, connection.provider_user_id);
  const grant = openGrant(keyRing, id, connection.grant_sealed);
  const response = await client.fetch(request, grant, AbortSignal.timeout(fetchTimeoutMs));
  if (response.status === 204) return nothing;
  const payload = { ...ref, connection: id, provider: provider.slug, request, response, notificationId };
  const rawPayloadId = await keepRawPayload(db, payload);
  const parts = resource.parts(ref.key, parseBody(response.body, ref));
  await db
    .transaction()
    .execute((tx) => pointParts(tx, id, { rawPayloadId, resourceKey: ref.key, fetchOrder }, parts));
  return { rawPayloadId, parts };
}

export function resourceOf(provider: Provider, ref: ResourceRef) {
  const resource = provider.resources.find(({ name }) => name === ref.resource);
  if (resource === undefined) throw new SystoleError("INTERNAL", { provider: provider.slug, ...ref });
  return resource;
}

/** @throws ProviderError PROVIDER_BODY_INVALID */
export function parseBody(body: Buffer, ref: ResourceRef): unknown {
  try {
    return JSON.parse(body.toString("utf8"));
  } catch (cause) {
    throw new ProviderError("PROVIDER_BODY_INVALID", "later", { ...ref, reason: "not JSON" }, { cause });
  }
}
