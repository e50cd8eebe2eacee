/** Routes that make links to our connect page, in Terra's older and newer form. */
import type { FastifyRequest } from "fastify";
import { z } from "zod";
import { environmentIdOf } from "../auth.ts";
import { newSession } from "../connect/new-session.ts";
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
    const { warnings: _, ...session } = await sessionFor(services, request, 15 * minutes);
    return session;
  });
  const newer = {
    ...request,
    summary: "A link to the connect page, valid for one connection within a day",
    response: { 201: z.object({ ...answer, warnings: z.array(z.string()) }) },
  };
  for (const path of ["/widget/session", "/v2/widget/session"]) {
    app.post(path, { schema: newer }, async (request, reply) =>
      reply.code(201).send(await sessionFor(services, request, 24 * hours)),
    );
  }
}

function sessionFor(services: ApiServices, request: FastifyRequest, lifetimeSeconds: number) {
  const given: Parameters = { ...Object(request.query), ...Object(request.body) };
  return newSession(services, {
    environmentId: environmentIdOf(request),
    providers: given.providers ?? null,
    referenceId: given.reference_id ?? null,
    language: given.language ?? null,
    successUrl: given.auth_success_redirect_url ?? null,
    failureUrl: given.auth_failure_redirect_url ?? null,
    lifetimeSeconds,
  });
}
