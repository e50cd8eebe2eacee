import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { requireClient } from "../auth.ts";
import { badRequest, bodyText, noContent, notFound, param, sendJson } from "../http.ts";
import { polarRefusal } from "../refusal.ts";
import { WEBHOOK_EVENTS } from "../resources.ts";
import type { Sandbox } from "../sandbox.ts";
import type { Webhook } from "../webhooks/registry.ts";

interface WebhookRequest {
  url?: string;
  events?: string[];
}

export function webhookRoutes(app: FastifyInstance, sandbox: Sandbox): void {
  app.post("/v3/webhooks", async (request, reply) => {
    requireClient(sandbox, request);
    const { url, events } = parsed(request);
    if (url === undefined || events === undefined) throw badRequest("events and url are required");
    if (sandbox.webhooks.get()) throw polarRefusal(409, "WebhookExistsException", "Webhook already exists");
    const webhook = sandbox.webhooks.draft(url, events);
    await requirePong(sandbox, webhook);
    sandbox.webhooks.keep(webhook);
    const data = { id: webhook.id, events, url, signature_secret_key: webhook.secret };
    return sendJson(reply, JSON.stringify({ data }), 201);
  });

  app.get("/v3/webhooks", async (request, reply) => {
    requireClient(sandbox, request);
    const webhook = sandbox.webhooks.get();
    return sendInfo(reply, webhook ? [webhook] : []);
  });

  app.patch("/v3/webhooks/:id", async (request, reply) => {
    const webhook = requireWebhook(sandbox, request);
    const { url = webhook.url, events = webhook.events } = parsed(request);
    if (url !== webhook.url) await requirePong(sandbox, { ...webhook, url });
    Object.assign(webhook, { url, events });
    return sendInfo(reply, [webhook]);
  });

  app.delete("/v3/webhooks/:id", async (request, reply) => {
    requireWebhook(sandbox, request);
    sandbox.webhooks.remove();
    sandbox.sender.drop();
    return noContent(reply);
  });

  switchRoutes(app, sandbox);
}

function switchRoutes(app: FastifyInstance, sandbox: Sandbox): void {
  app.post("/v3/webhooks/activate", async (request, reply) => {
    requireClient(sandbox, request);
    const webhook = sandbox.webhooks.get();
    if (!webhook) return noContent(reply);
    await requirePong(sandbox, webhook);
    Object.assign(webhook, { active: true, failingSince: undefined });
    return reply.code(200).send();
  });

  app.post("/v3/webhooks/deactivate", async (request, reply) => {
    requireClient(sandbox, request);
    const webhook = sandbox.webhooks.get();
    if (!webhook) return noContent(reply);
    webhook.active = false;
    sandbox.sender.drop();
    return reply.code(200).send();
  });
}

function requireWebhook(sandbox: Sandbox, request: FastifyRequest): Webhook {
  requireClient(sandbox, request);
  const webhook = sandbox.webhooks.get();
  if (webhook?.id !== param(request, "id") || !webhook) throw notFound("Webhook not found");
  return webhook;
}

async function requirePong(sandbox: Sandbox, webhook: Webhook): Promise<void> {
  const status = await sandbox.sender.ping(webhook);
  if (status === 200) return;
  const found = status === null ? "no answer" : `status ${status}`;
  throw polarRefusal(
    400,
    "WebhookPingFailedException",
    `Ping to ${webhook.url} must be answered with 200 OK: ${found}`,
  );
}

function sendInfo(reply: FastifyReply, webhooks: Webhook[]): FastifyReply {
  const data = webhooks.map(({ id, events, url, active }) => ({ id, events, url, active }));
  return sendJson(reply, JSON.stringify({ data }));
}

function parsed(request: FastifyRequest): WebhookRequest {
  let body: unknown;
  try {
    body = JSON.parse(bodyText(request));
  } catch {
    throw badRequest("The body is not JSON");
  }
  const { url, events } = (body ?? {}) as Record<string, unknown>;
  return {
    ...(url === undefined ? {} : { url: checkedUrl(url) }),
    ...(events === undefined ? {} : { events: checkedEvents(events) }),
  };
}

function checkedUrl(url: unknown): string {
  if (typeof url === "string" && URL.canParse(url) && /^https?:$/.test(new URL(url).protocol)) return url;
  throw badRequest("url must be an absolute http or https address");
}

function checkedEvents(events: unknown): string[] {
  const known = (event: unknown): event is string => WEBHOOK_EVENTS.includes(String(event));
  if (Array.isArray(events) && events.length > 0 && events.every(known)) return events;
  throw badRequest(`events must name some of ${WEBHOOK_EVENTS.join(", ")}`);
}
