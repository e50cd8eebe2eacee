/** The way back from the provider: the person is sent on to the developer's address, or told how it went. */
import type { FastifyReply } from "fastify";
import { z } from "zod";
import type { AuthorizationOutcome } from "../../connections/outcome.ts";
import { sendPage } from "../html.ts";
import type { Api } from "../schema.ts";
import type { ApiServices } from "../services.ts";
import { browserOf, keepBrowser } from "./browser-cookie.ts";
import { offerFurther } from "./further-consents.ts";
import { outcomePage } from "./pages.ts";
import { withQuery } from "./redirect-url.ts";

/** Exchanging the code and registering the person are two calls to the provider, each with its own time-out. */
const completionMs = 60_000;

const text = z.string().max(4_096).optional();
const schema = {
  tags: ["Connecting"],
  summary: "The provider sends the person's browser here",
  params: z.object({ provider: z.string().max(64) }),
  querystring: z.object({ state: text, code: text, error: text }),
};

export function callbackRoute(app: Api, services: ApiServices): void {
  const { authorization, publicUrl } = services;
  // A HEAD request only looks whether the page is there and must not use up the state.
  app.get("/v2/auth/:provider/oauth2", { schema, exposeHeadRoute: false }, async (request, reply) => {
    const { state, code, error } = request.query;
    const browser = browserOf(request, publicUrl);
    const outcome = await authorization.complete({
      providerSlug: request.params.provider,
      state: state ?? null,
      code: code ?? null,
      error: error ?? null,
      browser,
      signal: AbortSignal.timeout(completionMs),
    });
    return sendOutcome(reply, outcome, browser, services);
  });
}

export async function sendOutcome(
  reply: FastifyReply,
  outcome: AuthorizationOutcome,
  browser: string,
  { store, publicUrl }: Pick<ApiServices, "store" | "publicUrl">,
): Promise<FastifyReply> {
  const { redirectUrl, question } = outcome;
  reply.headers({ "cache-control": "no-store", "referrer-policy": "no-referrer" });
  if (question !== null) {
    return keepBrowser(reply, browser, publicUrl).redirect(`/connect/replace/${question}`, 303);
  }
  if (redirectUrl !== null) return reply.redirect(withQuery(redirectUrl, toldOf(outcome)), 302);
  const further = await offerFurther(store, outcome);
  return sendPage(reply, outcome.outcome === "connected" ? 200 : 400, outcomePage(outcome, further));
}

/** The parameters that tell the developer's page how it went. */
const toldOf = ({ userId, referenceId, reason, code }: AuthorizationOutcome) => ({
  user_id: userId,
  reference_id: referenceId,
  reason,
  code,
});
