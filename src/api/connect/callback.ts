/** The way back from the provider: the person is sent on to the developer's address, or told how it went. */
import type { FastifyReply, FastifyRequest } from "fastify";
import { z } from "zod";
import type { AuthorizationOutcome } from "../../connections/outcome.ts";
import { withheldScopes } from "../../connections/withheld.ts";
import { inLanguage } from "../../providers/provider.ts";
import { providerBySlug } from "../../providers/registry.ts";
import type { Api } from "../schema.ts";
import type { ApiServices } from "../services.ts";
import { browserOf, keepBrowser } from "./browser-cookie.ts";
import { sendDocument } from "./document.ts";
import { offerFurther } from "./further-consents.ts";
import { type Look, lookOfEnd } from "./look.ts";
import { connectedPage, problemPage } from "./pages/outcome.ts";
import { withQuery } from "./redirect-url.ts";

/** Exchanging the code and registering the person are two calls to the provider, each with its own time-out. */
const completionMs = 60_000;

const text = z.string().max(4_096).optional();
const schema = {
  tags: ["Connecting"],
  summary: "The provider sends the person's browser here",
  params: z.object({ provider: z.string().max(64) }),
  querystring: z.object({ state: text, code: text, error: text, scope: text }),
};

export function callbackRoute(app: Api, services: ApiServices): void {
  // A HEAD request only looks whether the page is there and must not use up the state.
  app.get("/v2/auth/:provider/oauth2", { schema, exposeHeadRoute: false }, async (request, reply) => {
    const { state, code, error, scope } = request.query;
    const browser = browserOf(request, services.publicUrl);
    const outcome = await services.authorization.complete({
      providerSlug: request.params.provider,
      state: state ?? null,
      code: code ?? null,
      error: error ?? null,
      scope: scope ?? null,
      browser,
      signal: AbortSignal.timeout(completionMs),
    });
    return sendOutcome(services, request, reply, { outcome, browser });
  });
}

interface Ended {
  readonly outcome: AuthorizationOutcome;
  /** The secret of the browser's cookie. */
  readonly browser: string;
}

export async function sendOutcome(
  services: ApiServices,
  request: FastifyRequest,
  reply: FastifyReply,
  { outcome, browser }: Ended,
): Promise<FastifyReply> {
  const { redirectUrl, question, flow } = outcome;
  reply.headers({ "cache-control": "no-store", "referrer-policy": "no-referrer" });
  if (question !== null) {
    keepBrowser(reply, browser, services.publicUrl);
    return reply.redirect(`/connect/replace/${question}`, 303);
  }
  if (redirectUrl !== null) return reply.redirect(withQuery(redirectUrl, toldOf(outcome)), 302);
  const ended = { environmentId: flow.environment_id, language: flow.language };
  const look = await lookOfEnd(services, request, ended);
  const isConnected = outcome.outcome === "connected";
  const page = isConnected ? await successOf(services, outcome, look) : failureOf(outcome, look);
  return sendDocument(reply, isConnected ? 200 : 400, page, look);
}

async function successOf({ store }: ApiServices, { flow }: AuthorizationOutcome, look: Look) {
  const provider = providerBySlug(flow.provider);
  const [further, missing] = await Promise.all([
    offerFurther(store, flow, look),
    withheldScopes(store, flow),
  ]);
  const withheld = missing.map(({ label }) => inLanguage(label, look.language));
  return connectedPage({ provider, further, withheld }, look);
}

function failureOf({ code, flow }: AuthorizationOutcome, look: Look) {
  const provider = providerBySlug(flow.provider);
  return problemPage({ code: code ?? "INTERNAL", provider, traceId: null }, look);
}

/** The parameters that tell the developer's page how it went. */
const toldOf = ({ userId, referenceId, reason, code }: AuthorizationOutcome) => ({
  user_id: userId,
  reference_id: referenceId,
  reason,
  code,
});
