/** Sends one signed POST for each event, over a few connections that are kept open. */
import { promisify } from "node:util";
import { gzip } from "node:zlib";
import { Agent, type Dispatcher } from "undici";
import type { AttemptTime } from "../attempt-time.ts";
import type { DeliveryReceipt, OutgoingEvent, Sender, SenderContext } from "../destination.ts";
import { untilAborted } from "../kit/abort.ts";
import { asDeliveryError } from "../kit/failure.ts";
import { connectionsPerTarget as connections } from "../kit/http.ts";
import { openSender } from "../kit/sender.ts";
import { secretsInForce } from "../rotation.ts";
import { judge, keptBytes, readAnswer } from "./answer.ts";
import { webhookHeaders } from "./headers.ts";
import { healthcheck } from "./healthcheck.ts";
import { RequestClock, type RequestLimits } from "./request-clock.ts";
import type { WebhookSettings } from "./settings.ts";
import { tlsOptions } from "./tls.ts";

export const usualLimits: RequestLimits = {
  connectMs: 8_000,
  stallMs: 8_000,
  bytesPerSecond: 128 * 1_024,
  answerMs: 8_000,
};
/** An attempt may take longer than the sum of its parts: the end of an answer is read after them. */
export const webhookTime: AttemptTime = {
  baseMs: usualLimits.connectMs + usualLimits.stallMs + usualLimits.answerMs + 2_000,
  perEventMs: 0,
  bytesPerSecond: usualLimits.bytesPerSecond,
};

const compress = promisify(gzip);

export function connectWebhook(
  settings: WebhookSettings,
  context: SenderContext,
  limits = usualLimits,
): Sender {
  const url = new URL(settings.url);
  // The agent sends to this URL alone, and follows no redirect.
  const { lookup, assertAddressAllowed } = context.rulesFor?.(url) ?? context;
  assertAddressAllowed(url.hostname);
  const agent = new Agent({
    connections,
    allowH2: false,
    connect: { lookup, timeout: limits.connectMs, ...tlsOptions(settings) },
  });
  const deliver = async (event: OutgoingEvent, signal: AbortSignal): Promise<DeliveryReceipt> => {
    const clock = new RequestClock(await bodyOf(event, settings), limits, signal);
    const send = async () => agent.request(requestFor(event, settings, url, clock));
    return post(send, clock.signal).finally(() => clock.stop());
  };
  return openSender({
    deliver,
    check: (signal) => deliver(healthcheck(new Date()), signal),
    // Connections of aborted requests may still be open: they are not waited for.
    close: () => agent.destroy(),
  });
}

/** Signatures are of the body before compression: a receiver's framework decompresses it before it is verified. */
const bodyOf = async (event: OutgoingEvent, { gzip: compressed }: WebhookSettings): Promise<Buffer> =>
  compressed === true ? compress(event.body) : event.body;

function requestFor(
  event: OutgoingEvent,
  settings: WebhookSettings,
  url: URL,
  { body, bytes, signal }: RequestClock,
): Dispatcher.RequestOptions & { readonly highWaterMark: number } {
  const now = new Date();
  const headers = {
    ...settings.headers,
    ...webhookHeaders(event, secretsInForce(settings, now), now),
    "content-length": String(bytes),
    ...(settings.gzip === true && { "content-encoding": "gzip" }),
  };
  const [origin, path] = [url.origin, `${url.pathname}${url.search}`];
  const secretHeaders = Object.keys(settings.headers ?? {});
  event.noteSent({ method: "POST", target: url, headers, secretHeaders, bytes });
  // undici takes iterables as well, which its types leave out.
  return { origin, path, method: "POST", headers, body: body as Buffer, signal, highWaterMark: keptBytes };
}

/** In undici, a request that still waits for a connection ignores the signal. @throws DeliveryError */
async function post(
  request: () => Promise<Dispatcher.ResponseData>,
  signal: AbortSignal,
): Promise<DeliveryReceipt> {
  const response = await untilAborted(request, signal).catch((cause) => {
    throw asDeliveryError(cause, signal);
  });
  const { statusCode: status, headers } = response;
  return judge({ status, headers, text: await readAnswer(response.body) });
}
