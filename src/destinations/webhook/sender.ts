/** Sending: one signed POST for each event, over a few connections that are kept. */
import { promisify } from "node:util";
import { gzip } from "node:zlib";
import { Agent, type Dispatcher } from "undici";
import type { AttemptTime } from "../attempt-time.ts";
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
import { RequestClock, type RequestLimits } from "./request-clock.ts";
import type { WebhookSettings } from "./settings.ts";
import { tlsOptions } from "./tls.ts";

/** Connections kept to one receiver, as many as deliveries to it run side by side. */
const connections = 16;
export const usualLimits: RequestLimits = {
  connectMs: 8_000,
  stallMs: 8_000,
  bytesPerSecond: 128 * 1_024,
  answerMs: 8_000,
};
/** The whole of an attempt is longer than its parts: the end of an answer is read after them. */
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
  context.assertAddressAllowed(url.hostname);
  const agent = new Agent({
    connections,
    allowH2: false,
    connect: { lookup: context.lookup, timeout: limits.connectMs, ...tlsOptions(settings) },
  });
  const underWay = new Set<Promise<unknown>>();
  let closing: Promise<void> | null = null;
  const deliver = async (event: OutgoingEvent, signal: AbortSignal): Promise<DeliveryReceipt> => {
    if (closing !== null) throw new DeliveryError("DELIVERY_FAILED", "later", {}, { reason: "closed" });
    const receipt = bodyOf(event, settings).then((body) => {
      const clock = new RequestClock(body, limits, signal);
      const send = async () => agent.request(requestFor(event, settings, url, clock));
      return post(send, clock.signal).finally(() => clock.stop());
    });
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
  // undici takes iterables as well, which its types leave out.
  return { origin, path, method: "POST", headers, body: body as Buffer, signal, highWaterMark: keptBytes };
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
