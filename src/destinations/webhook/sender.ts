/** Sending: one signed POST for each event, over a few connections that are kept. */
import { promisify } from "node:util";
import { gzip } from "node:zlib";
import { Agent, type Dispatcher } from "undici";
import {
  DeliveryError,
  type DeliveryReceipt,
  type OutgoingEvent,
  type Sender,
  type SenderContext,
} from "../destination.ts";
import { secretsInForce } from "../rotation.ts";
import { judge, keptBytes, readAnswer } from "./answer.ts";
import { networkError } from "./failure.ts";
import { webhookHeaders } from "./headers.ts";
import { healthcheck } from "./healthcheck.ts";
import type { WebhookSettings } from "./settings.ts";
import { tlsOptions } from "./tls.ts";

/** Connections kept to one receiver, as many as deliveries to it run side by side. */
const connections = 16;
/** For looking up, connecting, TLS, sending and the answer together. */
const totalMs = 8_000;

const compress = promisify(gzip);

export function connectWebhook(
  settings: WebhookSettings,
  context: SenderContext,
  timeoutMs = totalMs,
): Sender {
  const url = new URL(settings.url);
  context.assertAddressAllowed(url.hostname);
  const agent = new Agent({
    connections,
    allowH2: false,
    connect: { lookup: context.lookup, timeout: timeoutMs, ...tlsOptions(settings) },
  });
  const underWay = new Set<Promise<unknown>>();
  let closing: Promise<void> | null = null;
  const deliver = async (event: OutgoingEvent, signal: AbortSignal): Promise<DeliveryReceipt> => {
    if (closing !== null) throw new DeliveryError("DELIVERY_FAILED", "later", {}, { reason: "closed" });
    const inTime = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
    const receipt = post(async () => agent.request(await requestFor(event, settings, url, inTime)), inTime);
    underWay.add(receipt);
    return receipt.finally(() => underWay.delete(receipt));
  };
  return {
    deliver,
    check: (signal) => deliver(healthcheck(new Date()), signal),
    close() {
      // Connections that nobody waits for any more are not waited for.
      closing ??= Promise.allSettled(underWay).then(() => agent.destroy());
      return closing;
    },
  };
}

/** Receivers verify what their framework hands them, and it has undone the compression by then. */
async function requestFor(
  event: OutgoingEvent,
  settings: WebhookSettings,
  url: URL,
  signal: AbortSignal,
): Promise<Dispatcher.RequestOptions & { readonly highWaterMark: number }> {
  const now = new Date();
  const headers = { ...settings.headers, ...webhookHeaders(event, secretsInForce(settings, now), now) };
  const [origin, path] = [url.origin, `${url.pathname}${url.search}`];
  const request = { origin, path, method: "POST", headers, signal, highWaterMark: keptBytes } as const;
  if (settings.gzip !== true) return { ...request, body: event.body };
  const encoded = { ...headers, "content-encoding": "gzip" };
  return { ...request, headers: encoded, body: await compress(event.body) };
}

/** @throws DeliveryError */
async function post(
  request: () => Promise<Dispatcher.ResponseData>,
  signal: AbortSignal,
): Promise<DeliveryReceipt> {
  const response = await untilAborted(signal, request).catch((cause) => {
    throw networkError(cause, signal);
  });
  const receipt = { status: response.statusCode, response: await readAnswer(response.body) };
  judge(receipt, response.headers["retry-after"]);
  return receipt;
}

/** A request that still waits for its connection does not hear the signal, so we do in its place. */
async function untilAborted<T>(signal: AbortSignal, run: () => Promise<T>): Promise<T> {
  signal.throwIfAborted();
  const aborted = Promise.withResolvers<never>();
  const abort = (): void => aborted.reject(signal.reason);
  signal.addEventListener("abort", abort, { once: true });
  try {
    return await Promise.race([run(), aborted.promise]);
  } finally {
    signal.removeEventListener("abort", abort);
  }
}
