/** Webhook: each event is a signed POST to the developer's own URL. See README.md. */
import { randomUUID } from "node:crypto";
import { Agent, type Dispatcher } from "undici";
import { z } from "zod";
import { errorMessage } from "../../errors.ts";
import {
  DeliveryError,
  type DeliveryReceipt,
  defineDestination,
  type OutgoingEvent,
  type Sender,
  type SenderContext,
} from "../destination.ts";
import { judge, readAnswer } from "./answer.ts";
import { webhookHeaders } from "./headers.ts";
import { newWebhookSecret } from "./signing.ts";

/** Connections kept to one receiver, as many as deliveries to it run side by side. */
const connections = 16;

const secret = z.string().min(16).max(512);

/** They would be shown with the address wherever that is shown. */
const hasCredentials = (url: string): boolean => {
  const parsed = URL.parse(url);
  return parsed !== null && `${parsed.username}${parsed.password}` !== "";
};

const settings = z.strictObject({
  url: z
    .url({ protocol: /^https?$/, hostname: /./ })
    .max(2_048)
    .refine((url) => !hasCredentials(url), "must not carry credentials")
    .describe("Where events are sent, by POST. Redirects are not followed."),
  secret: secret
    .meta({ secret: true })
    .describe("Signs every request. Made by Systole and shown once; bring your own to keep one."),
  previous_secret: secret
    .meta({ secret: true })
    .optional()
    .describe(
      "While it is set both secrets sign. Set it to the old secret to rotate, take it away when done.",
    ),
});
type Settings = z.output<typeof settings>;

export default defineDestination({
  kind: "webhook",
  displayName: "Webhook",
  settings,
  issueSecrets(given) {
    const issued = given.secret || newWebhookSecret();
    return { settings: { ...given, secret: issued }, secret: issued };
  },
  connect,
});

function connect(given: Settings, context: SenderContext): Sender {
  const url = new URL(given.url);
  context.assertAddressAllowed(url.hostname);
  const secrets = [given.secret, ...(given.previous_secret === undefined ? [] : [given.previous_secret])];
  const agent = new Agent({ connections, connect: { lookup: context.lookup } });
  const deliver = (event: OutgoingEvent, signal: AbortSignal): Promise<DeliveryReceipt> =>
    post(agent, url, webhookHeaders(event, secrets, new Date()), event.body, signal);
  let closing: Promise<void> | null = null;
  return {
    deliver,
    check: (signal) => deliver(healthcheck(new Date()), signal),
    close() {
      closing ??= agent.close();
      return closing;
    },
  };
}

/** @throws DeliveryError */
async function post(
  agent: Agent,
  url: URL,
  headers: Record<string, string>,
  body: Buffer,
  signal: AbortSignal,
): Promise<DeliveryReceipt> {
  const response = await send(agent, url, {
    method: "POST",
    headers,
    body,
    signal,
  });
  const receipt = { status: response.statusCode, response: await readAnswer(response.body) };
  const retryAfter = response.headers["retry-after"];
  judge(receipt, Array.isArray(retryAfter) ? retryAfter[0] : retryAfter);
  return receipt;
}

type RequestOptions = Pick<Dispatcher.RequestOptions, "method" | "headers" | "body" | "signal">;

async function send(agent: Agent, url: URL, options: RequestOptions): Promise<Dispatcher.ResponseData> {
  try {
    return await agent.request({ ...options, origin: url.origin, path: `${url.pathname}${url.search}` });
  } catch (cause) {
    throw networkError(cause, options.signal as AbortSignal);
  }
}

const timeoutCodes = new Set(["UND_ERR_CONNECT_TIMEOUT", "UND_ERR_HEADERS_TIMEOUT", "UND_ERR_BODY_TIMEOUT"]);

/** No answer came: refused here, cut off by the caller's clock, or lost on the way. */
function networkError(cause: unknown, signal: AbortSignal): DeliveryError {
  if (cause instanceof DeliveryError) return cause;
  const late = signal.aborted || timeoutCodes.has((cause as { code?: string }).code ?? "");
  return new DeliveryError(
    late ? "DELIVERY_TIMEOUT" : "DELIVERY_FAILED",
    "later",
    {},
    { cause, reason: errorMessage(cause) },
  );
}

/** Terra's own way to try a receiver: an event of this type, which receivers answer and otherwise ignore. */
function healthcheck(now: Date): OutgoingEvent {
  const body = {
    type: "healthcheck",
    status: "success",
    creation_timestamp: now.toISOString(),
    trend_percentage: 0,
    sent_webhooks_last_hour: 0,
  };
  const id = randomUUID();
  return {
    id,
    type: body.type,
    userId: null,
    referenceId: null,
    reference: id,
    traceId: id,
    orderingTimestamp: now.getTime(),
    records: [],
    body: Buffer.from(JSON.stringify(body)),
    link: () => Promise.reject(new DeliveryError("DELIVERY_FAILED", "never")),
  };
}
