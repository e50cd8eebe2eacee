/**
 * The one webhook that a client may have at Polar (POLAR-API §4). Polar tells its secret only when it is created, so a
 * webhook whose secret we do not know is deleted and created again.
 */
import { z } from "zod";
import { basic, type Call, jsonOf } from "../kit/call.ts";
import {
  type ClientSubscription,
  type HeldSubscription,
  ProviderError,
  type ProviderResponse,
  type SubscriptionRequest,
} from "../provider.ts";
import { callPolar, type Polar } from "./http.ts";
import type { PolarSettings } from "./settings.ts";
import { subscribedEvents } from "./webhook.ts";

export const subscription: ClientSubscription<PolarSettings> = { kind: "client", ensure: ensureSubscription };

const webhookInfo = z.object({
  id: z.string().min(1),
  events: z.array(z.string()).nullish(),
  url: z.string().nullish(),
  active: z.boolean().nullish(),
});
type WebhookInfo = z.output<typeof webhookInfo>;

/** GET answers with an array, create with an object. */
const webhookList = z.object({
  data: z.union([z.array(webhookInfo), webhookInfo.transform((info) => [info])]),
});
const createdWebhook = z.object({ data: webhookInfo.extend({ signature_secret_key: z.string().min(1) }) });

const webhooksPath = "/v3/webhooks";

function hasStatus(error: unknown, status: number): boolean {
  return error instanceof ProviderError && error.details.status === status;
}

function ensureSubscription(
  { settings, http }: Polar,
  wanted: SubscriptionRequest,
): Promise<HeldSubscription> {
  const send = (method: Call["method"], path: string, json?: unknown): Promise<ProviderResponse> =>
    callPolar(http, {
      method,
      url: settings.api_url + path,
      authorization: basic(settings.client_id, settings.client_secret),
      credentials: "client",
      signal: wanted.signal,
      json,
    });

  async function existing(): Promise<WebhookInfo | undefined> {
    try {
      const answer = await send("GET", webhooksPath);
      return answer.status === 204 ? undefined : jsonOf(answer, webhookList, webhooksPath).data[0];
    } catch (error) {
      if (hasStatus(error, 404)) return undefined;
      throw error;
    }
  }

  async function create(): Promise<HeldSubscription> {
    await wanted.expectPing();
    try {
      const answer = await send("POST", webhooksPath, { events: subscribedEvents, url: wanted.url });
      const { data } = jsonOf(answer, createdWebhook, webhooksPath);
      return { remoteId: data.id, secret: data.signature_secret_key, action: "created" };
    } catch (error) {
      if (!hasStatus(error, 409)) throw error;
      // Another process was faster and may be about to store the secret: try again later, and leave its webhook alone.
      throw new ProviderError(
        "PROVIDER_REFUSED",
        "later",
        { status: 409, path: webhooksPath },
        { cause: error },
      );
    }
  }

  async function remove(id: string): Promise<void> {
    try {
      await send("DELETE", `${webhooksPath}/${encodeURIComponent(id)}`);
    } catch (error) {
      if (!hasStatus(error, 404)) throw error;
    }
  }

  async function adjust(info: WebhookInfo): Promise<HeldSubscription> {
    const current = isCurrent(info, wanted.url);
    if (!current) {
      const change = { events: subscribedEvents, url: wanted.url };
      await send("PATCH", `${webhooksPath}/${encodeURIComponent(info.id)}`, change);
    }
    if (info.active === false) {
      // 204: the webhook was deleted in between.
      if ((await send("POST", `${webhooksPath}/activate`)).status === 204) return create();
      return { remoteId: info.id, secret: null, action: "reactivated" };
    }
    return { remoteId: info.id, secret: null, action: current ? "unchanged" : "updated" };
  }

  async function ensure(): Promise<HeldSubscription> {
    const found = await existing();
    if (found && wanted.known.includes(found.id)) return adjust(found);
    if (found) await remove(found.id);
    return create();
  }

  return ensure();
}

function isCurrent(info: WebhookInfo, url: string): boolean {
  const events = new Set(info.events);
  return (
    info.url === url &&
    events.size === subscribedEvents.length &&
    subscribedEvents.every((event) => events.has(event))
  );
}
