/** Sends one signed POST for each event, over a few connections that are kept open. */
import { promisify } from "node:util";
import { gzip } from "node:zlib";
import { type Dispatcher, Pool } from "undici";
import type { AttemptTime } from "../attempt-time.ts";
import type { DeliveryReceipt, OutgoingEvent, Sender, SenderContext } from "../destination.ts";
import { asDeliveryError, timedOut } from "../kit/failure.ts";
import { connectionsPerTarget as connections } from "../kit/http.ts";
import { openSender } from "../kit/sender.ts";
import { judge } from "./answer.ts";
import { Exchange } from "./exchange.ts";
import { webhookHeaders } from "./headers.ts";
import { healthcheck } from "./healthcheck.ts";
import { RequestClock, type RequestLimits } from "./request-clock.ts";
import type { WebhookSettings } from "./settings.ts";
import { type KeysInForce, keysInForce } from "./signing.ts";
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
  // It sends to this URL alone, and follows no redirect.
  const { lookup, assertAddressAllowed } = context.rulesFor?.(url) ?? context;
  assertAddressAllowed(url.hostname);
  const pool = new Pool(url.origin, {
    connections,
    allowH2: false,
    connect: { lookup, timeout: limits.connectMs, ...tlsOptions(settings) },
  });
  const keys = keysInForce(settings);
  const deliver = async (event: OutgoingEvent, signal: AbortSignal): Promise<DeliveryReceipt> => {
    const body = await bodyOf(event, settings);
    const exchange = new Exchange();
    const clock = new RequestClock(body, limits, (reason) => exchange.end(timedOut(reason)));
    return post(exchange, signal, () => {
      pool.dispatch(requestFor(event, { settings, url, keys }, clock), exchange);
    }).finally(() => clock.stop());
  };
  return openSender({
    deliver,
    check: (signal) => deliver(healthcheck(new Date()), signal),
    // Connections of aborted requests may still be open: they are not waited for.
    close: () => pool.destroy(),
  });
}

/** Signatures are of the body before compression: a receiver's framework decompresses it before it is verified. */
const bodyOf = async (event: OutgoingEvent, { gzip: compressed }: WebhookSettings): Promise<Buffer> =>
  compressed === true ? compress(event.body) : event.body;

interface Target {
  readonly settings: WebhookSettings;
  readonly url: URL;
  readonly keys: KeysInForce;
}

function requestFor(
  event: OutgoingEvent,
  { settings, url, keys }: Target,
  { body, bytes }: RequestClock,
): Dispatcher.DispatchOptions {
  const now = new Date();
  const headers = {
    ...settings.headers,
    ...webhookHeaders(event, keys(now), now),
    "content-length": String(bytes),
    ...(settings.gzip === true && { "content-encoding": "gzip" }),
  };
  const path = `${url.pathname}${url.search}`;
  const secretHeaders = Object.keys(settings.headers ?? {});
  event.noteSent({ method: "POST", target: url, headers, secretHeaders, bytes });
  // undici takes iterables as well, which its types leave out.
  return { path, method: "POST", headers, body: body as Buffer };
}

/** @throws DeliveryError */
async function post(exchange: Exchange, signal: AbortSignal, send: () => void): Promise<DeliveryReceipt> {
  const end = (): void => exchange.end(timedOut(signal.reason));
  signal.addEventListener("abort", end, { once: true });
  try {
    if (signal.aborted) end();
    else send();
    return judge(await exchange.answer);
  } catch (thrown) {
    throw asDeliveryError(thrown);
  } finally {
    signal.removeEventListener("abort", end);
  }
}
