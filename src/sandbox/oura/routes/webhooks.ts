/** Subscriptions, made with the client's credentials in headers of their own. */
import type { FastifyInstance, FastifyRequest } from "fastify";
import { z } from "zod";
import { bodyText, param } from "../../kit/http.ts";
import { dataTypes } from "../collections.ts";
import { invalid, refusal } from "../refusal.ts";
import { client, type Sandbox } from "../sandbox.ts";
import { operations, type Subscription, shown } from "../subscriptions.ts";

const path = "/v2/webhook/subscription";

const wantedBody = z.object({
  callback_url: z.url({ protocol: /^https?$/ }),
  verification_token: z.string(),
  event_type: z.enum(operations),
  data_type: z.string().refine((type) => dataTypes.has(type), "Invalid data_type value"),
});
const changeBody = wantedBody.partial().required({ verification_token: true });

export function webhookRoutes(app: FastifyInstance, sandbox: Sandbox): void {
  app.get(path, async (request) => {
    requireClient(request);
    return sandbox.subscriptions.all().map(shown);
  });

  app.post(path, async (request, reply) => {
    requireClient(request);
    const { verification_token, ...wanted } = bodyOf(wantedBody, request);
    if (sandbox.subscriptions.of(wanted)) throw refusal(409, "Webhook subscription already exists.");
    await requireConfirmed(sandbox, wanted.callback_url, verification_token);
    return reply.code(201).send(shown(sandbox.subscriptions.make(wanted)));
  });

  app.put(`${path}/renew/:id`, async (request) => {
    const subscription = requireSubscription(sandbox, request);
    sandbox.subscriptions.renew(subscription);
    return shown(subscription);
  });

  app.get(`${path}/:id`, async (request) => shown(requireSubscription(sandbox, request)));

  app.put(`${path}/:id`, async (request) => {
    const subscription = requireSubscription(sandbox, request);
    const { verification_token, ...change } = bodyOf(changeBody, request);
    const url = change.callback_url ?? subscription.callback_url;
    await requireConfirmed(sandbox, url, verification_token);
    for (const [name, value] of Object.entries(change))
      if (value !== undefined) Object.assign(subscription, { [name]: value });
    return shown(subscription);
  });

  app.delete(`${path}/:id`, async (request, reply) => {
    sandbox.subscriptions.remove(requireSubscription(sandbox, request).id);
    return reply.code(204).send();
  });
}

function requireClient({ headers }: FastifyRequest): void {
  if (headers["x-client-id"] !== client.id || headers["x-client-secret"] !== client.secret)
    throw refusal(403, "Forbidden");
}

function requireSubscription({ subscriptions }: Sandbox, request: FastifyRequest): Subscription {
  requireClient(request);
  const id = param(request, "id");
  const found = subscriptions.find(id);
  if (found === undefined) throw refusal(404, `No webhook id ${id} found.`);
  return found;
}

async function requireConfirmed({ sender }: Sandbox, url: string, token: string): Promise<void> {
  if (await sender.isConfirmed(url, token)) return;
  throw invalid(["body", "callback_url"], "The callback URL did not confirm the challenge", url);
}

function bodyOf<Schema extends z.ZodType>(schema: Schema, request: FastifyRequest): z.output<Schema> {
  let body: unknown;
  try {
    body = JSON.parse(bodyText(request));
  } catch {
    throw invalid(["body"], "JSON decode error", null);
  }
  const read = schema.safeParse(body);
  if (read.success) return read.data;
  const [issue] = read.error.issues;
  throw invalid(["body", ...(issue?.path.map(String) ?? [])], issue?.message ?? "Invalid", null);
}
