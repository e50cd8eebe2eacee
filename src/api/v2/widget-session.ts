/** Routes that make links to our connect page, in Terra's older and newer form. */
import type { FastifyRequest } from "fastify";
import { z } from "zod";
import { checkRedirectOrigin } from "../../connections/redirect-url.ts";
import { SystoleError } from "../../errors.ts";
import type { Provider } from "../../providers/provider.ts";
import { redirectOriginsOf } from "../../store/environments.ts";
import { createSession } from "../../store/sessions.ts";
import { environmentIdOf } from "../auth.ts";
import { readRedirectUrl } from "../connect/redirect-url.ts";
import type { Api } from "../schema.ts";
import type { ApiServices } from "../services.ts";
import { authParameters } from "./parameters.ts";

const parameters = authParameters.extend({
  providers: z
    .string()
    .max(4_096)
    .nullish()
    .describe("Separated by commas; every configured one when absent"),
});
type Parameters = z.output<typeof parameters>;

const answer = {
  status: z.literal("success"),
  session_id: z.string(),
  url: z.string(),
  expires_in: z.int().describe("Seconds"),
};

const minutes = 60;
const hours = 3_600;

export function widgetSessionRoutes(app: Api, services: ApiServices): void {
  const request = { tags: ["Authentication"], querystring: parameters, body: parameters.nullish() };
  const older = {
    ...request,
    summary: "A link to the connect page, valid for one connection within 15 minutes",
    response: { 200: z.object(answer) },
  };
  app.post("/v2/auth/generateWidgetSession", { schema: older }, async (request) => {
    const { warnings: _, ...session } = await openSession(services, request, 15 * minutes);
    return session;
  });
  const newer = {
    ...request,
    summary: "A link to the connect page, valid for one connection within a day",
    response: { 201: z.object({ ...answer, warnings: z.array(z.string()) }) },
  };
  for (const path of ["/widget/session", "/v2/widget/session"]) {
    app.post(path, { schema: newer }, async (request, reply) =>
      reply.code(201).send(await openSession(services, request, 24 * hours)),
    );
  }
}

async function openSession(services: ApiServices, request: FastifyRequest, lifetimeSeconds: number) {
  const given: Parameters = { ...Object(request.query), ...Object(request.body) };
  const { slugs, warnings } = offered(services.providers, given.providers ?? null);
  const successUrl = readRedirectUrl(given.auth_success_redirect_url);
  const failureUrl = readRedirectUrl(given.auth_failure_redirect_url);
  const allowed = await redirectOriginsOf(services.store.db, environmentIdOf(request));
  for (const url of [successUrl, failureUrl]) checkRedirectOrigin(url, allowed);
  const { session, link } = await createSession(
    services.store.db,
    {
      environment_id: environmentIdOf(request),
      providers: slugs,
      reference_id: given.reference_id ?? null,
      language: given.language ?? null,
      success_url: successUrl,
      failure_url: failureUrl,
    },
    lifetimeSeconds,
  );
  return {
    status: "success" as const,
    session_id: session.session_id,
    url: `${services.publicUrl}/connect/${link}`,
    expires_in: lifetimeSeconds,
    warnings,
  };
}

/**
 * Returns the providers to offer. Older clients say `ALL` for every provider. Unknown names are ignored unless no other
 * remains.
 */
function offered(
  providers: readonly Provider[],
  list: string | null,
): { slugs: string[] | null; warnings: string[] } {
  const names = (list ?? "").split(",").flatMap((name) => name.trim().toUpperCase() || []);
  if (names.length === 0 || names.includes("ALL")) return { slugs: null, warnings: [] };
  const known = providers.filter(({ name }) => names.includes(name));
  if (known.length === 0) throw new SystoleError("PROVIDER_UNKNOWN", { providers: names });
  const unknown = names.filter((name) => !known.some((provider) => provider.name === name));
  return {
    slugs: known.map(({ slug }) => slug),
    warnings: unknown.map((name) => `There is no provider ${name}; it is not offered`),
  };
}
