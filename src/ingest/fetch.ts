/** Fetching: one resource of one connection, kept raw before anything is made of it. */
import { SystoleError } from "../errors.ts";
import {
  type Part,
  PartlyReadableError,
  type Provider,
  ProviderError,
  type Resource,
  type ResourceRef,
} from "../providers/provider.ts";
import { type Connection, lockConnection, openGrant } from "../store/connections.ts";
import { type FetchedPayload, keepRawPayload, nextFetchOrder, pointParts } from "../store/raw-payloads.ts";
import type { Database } from "../store/tables.ts";
import type { IngestDeps } from "./deps.ts";

/** Polar's own time for an answer is seconds; a stuck connection must not hold a worker for ever. */
const fetchTimeoutMs = 30_000;

/** Parts as they were just fetched, with the payload they came in. */
export interface FetchedParts {
  readonly rawPayloadId: string;
  readonly parts: readonly Part[];
  /** Why other items of the same list are not among them; null when all are. */
  readonly failed: ProviderError | null;
}

const nothing: FetchedParts = { rawPayloadId: "", parts: [], failed: null };

/**
 * Fetches, keeps and splits. An empty answer (204) has no parts; null when the connection is gone by the time
 * the answer is here: then nothing of it is kept.
 * @throws ProviderError; a body that cannot be read has been kept all the same.
 */
export async function fetchResource(
  deps: IngestDeps,
  provider: Provider,
  connection: Connection,
  ref: ResourceRef,
  notificationId: string,
): Promise<FetchedParts | null> {
  const { db, keyRing } = deps.store;
  const id = { environmentId: connection.environment_id, userId: connection.user_id };
  const resource = resourceOf(provider, ref);
  const client = await deps.clients.clientFor({ environmentId: id.environmentId, provider: provider.slug });
  const fetchOrder = await nextFetchOrder(db);
  const request = resource.request(ref.key, connection.provider_user_id);
  const grant = openGrant(keyRing, id, connection.grant_sealed);
  const response = await client.fetch(request, grant, AbortSignal.timeout(fetchTimeoutMs));
  if (response.status === 204) return nothing;
  const split = splitBody(resource, ref, response.body);
  const payload = { ...ref, connection: id, provider: provider.slug, request, response, notificationId };
  const rawPayloadId = await keep(db, payload, fetchOrder, split.parts);
  if (rawPayloadId === null) return null;
  if (split.failed !== null && split.parts.length === 0) throw split.failed;
  return { rawPayloadId, ...split };
}

/** Kept under the connection's lock, so that nothing of a person can come back after they were erased. */
function keep(
  db: Database,
  payload: FetchedPayload,
  fetchOrder: string,
  parts: readonly Part[],
): Promise<string | null> {
  return db.transaction().execute(async (tx) => {
    if ((await lockConnection(tx, payload.connection)) === null) return null;
    const rawPayloadId = await keepRawPayload(tx, payload);
    const source = { rawPayloadId, resourceKey: payload.key, fetchOrder };
    await pointParts(tx, payload.connection, source, parts);
    return rawPayloadId;
  });
}

/** The parts that can be read, and why the others cannot. @throws what is no fault of the body */
export function splitBody(
  resource: Resource,
  ref: ResourceRef,
  body: Buffer,
): Pick<FetchedParts, "parts" | "failed"> {
  try {
    return { parts: resource.parts(ref.key, resource.decode(body)), failed: null };
  } catch (error) {
    if (error instanceof PartlyReadableError) return { parts: error.readable, failed: error };
    if (error instanceof ProviderError) return { parts: [], failed: error };
    throw error;
  }
}

export function resourceOf(provider: Provider, ref: ResourceRef): Resource {
  const resource = provider.resources.find(({ name }) => name === ref.resource);
  if (resource === undefined) throw new SystoleError("INTERNAL", { provider: provider.slug, ...ref });
  return resource;
}
