/** Oura's subscriptions (Oura's OpenAPI, "Webhook Subscription Routes"): one for each data type and operation, which ends. */
import { z } from "zod";
import { jsonOf } from "../kit/call.ts";
import { type FailedAnswer, failureOf, header } from "../kit/failure.ts";
import {
  type EventSubscriptions,
  type HeldSubscription,
  type HttpRequest,
  type ProviderAccess,
  ProviderError,
  type SubscriptionRequest,
} from "../provider.ts";
import type { OuraSettings } from "./settings.ts";
import { dataTypes, operations, verificationToken } from "./webhook.ts";

type Oura = ProviderAccess<OuraSettings>;
type Held = HeldSubscription & { readonly expiresAt: Date | null };

const path = "/v2/webhook/subscription";

const held = z.object({
  id: z.string().regex(/^[\w-]{1,100}$/),
  callback_url: z.string(),
  event_type: z.string(),
  data_type: z.string(),
  expiration_time: z.coerce.date().nullish(),
});
type Listed = z.output<typeof held>;

const dayMs = 24 * 3_600_000;

export const subscription: EventSubscriptions<OuraSettings> = {
  kind: "events",
  events: Object.keys(dataTypes).flatMap((type) => operations.map((operation) => `${operation} ${type}`)),
  renewBeforeMs: 3 * dayMs,
  ensure,
};

/** Sends a request with the client's credentials, which Oura wants in headers of its own. */
async function send(
  { settings, http }: Oura,
  { method, at, json, signal }: Pick<HttpRequest, "method" | "signal"> & { at: string; json?: object },
) {
  const { status, headers, body } = await http.send({
    method,
    url: settings.api_url + at,
    signal,
    headers: {
      accept: "application/json",
      "x-client-id": settings.client_id,
      "x-client-secret": settings.client_secret,
      ...(json !== undefined && { "content-type": "application/json" }),
    },
    body: json === undefined ? null : JSON.stringify(json),
  });
  if (status < 200 || status > 299) {
    const answer: FailedAnswer = { status, headers, body, path: at, credentials: "client" };
    throw failureOf(answer);
  }
  return { status, body, contentType: header(headers, "content-type") ?? null };
}

async function ensure(access: Oura, event: string, { url, signal }: SubscriptionRequest): Promise<Held> {
  const [event_type = "", data_type = ""] = event.split(" ");
  const listed = await list(access, signal);
  const ours = listed.filter((one) => one.event_type === event_type && one.data_type === data_type);
  const wanted = {
    callback_url: url,
    verification_token: verificationToken(access.settings),
    event_type,
    data_type,
  };
  const [found] = ours.toSorted(
    (one, other) => Number(other.callback_url === url) - Number(one.callback_url === url),
  );
  if (found === undefined) return create(access, wanted, signal);
  if (found.callback_url !== url) {
    const moved = await send(access, { method: "PUT", at: `${path}/${found.id}`, json: wanted, signal });
    return heldBy(jsonOf(moved, held, path), "updated");
  }
  const needsRenewal =
    found.expiration_time != null &&
    found.expiration_time.getTime() - Date.now() <= 2 * subscription.renewBeforeMs;
  return needsRenewal ? renew(access, found, wanted, signal) : heldBy(found, "unchanged");
}

async function list(access: Oura, signal: AbortSignal): Promise<readonly Listed[]> {
  const answer = await send(access, { method: "GET", at: path, signal });
  return jsonOf(answer, z.array(held), path);
}

async function create(access: Oura, wanted: object, signal: AbortSignal): Promise<Held> {
  try {
    return heldBy(
      jsonOf(await send(access, { method: "POST", at: path, json: wanted, signal }), held, path),
      "created",
    );
  } catch (error) {
    if (!hasStatus(error, 409)) throw error;
    // Another process was faster; the next look finds its subscription.
    throw new ProviderError("PROVIDER_REFUSED", "later", { status: 409, path }, { cause: error });
  }
}

/** Renews a subscription, or makes it anew where it has ended meanwhile. */
async function renew(access: Oura, { id }: Listed, wanted: object, signal: AbortSignal): Promise<Held> {
  try {
    const answer = await send(access, { method: "PUT", at: `${path}/renew/${id}`, signal });
    return heldBy(jsonOf(answer, held, path), "updated");
  } catch (error) {
    if (!hasStatus(error, 403) && !hasStatus(error, 404)) throw error;
    return create(access, wanted, signal);
  }
}

const heldBy = ({ id, expiration_time = null }: Listed, action: Held["action"]): Held => ({
  remoteId: id,
  secret: null,
  action,
  expiresAt: expiration_time,
});

const hasStatus = (error: unknown, status: number): boolean =>
  error instanceof ProviderError && error.details.status === status;
