/** Routes that start and end connections. */
import type { FastifyRequest } from "fastify";
import { z } from "zod";
import { SystoleError } from "../../errors.ts";
import type { Erasure } from "../../store/erasures.ts";
import { isUuid } from "../../store/identifiers.ts";
import { createAuthToken } from "../../store/sessions.ts";
import { environmentIdOf } from "../auth.ts";
import { readRedirectUrl } from "../connect/redirect-url.ts";
import { fieldInvalid } from "../field-invalid.ts";
import type { Api } from "../schema.ts";
import type { ApiServices } from "../services.ts";
import { authParameters } from "./parameters.ts";

const tags = ["Authentication"];
const success = z.literal("success");
const tokenSeconds = 180;
const resource = z
  .string()
  .min(1)
  .optional()
  .describe("The provider's name as in `GET /v2/integrations`; in the query or in the body");
const further = {
  user_id: z.string().optional().describe("With `consent`: the connected user who gives it"),
  consent: z
    .string()
    .max(64)
    .optional()
    .describe("A further consent of the provider, added to the connection of `user_id`"),
};
/** Long enough for a slow provider, and shorter than the timeout of Terra's clients. */
const disconnectMs = 30_000;

export function authenticationRoutes(app: Api, services: ApiServices): void {
  authenticateUser(app, services);
  deauthenticateUser(app, services);
  generateAuthToken(app, services);
}

function authenticateUser(app: Api, { authorization }: ApiServices): void {
  const schema = {
    tags,
    summary: "A link by which a person connects one provider",
    description:
      "The address is the provider's own and good for 30 minutes. Nothing holds it to the browser of the person you made it for: send nobody's link to anybody else, or use a connect link (`generateWidgetSession`).",
    querystring: authParameters.extend({ resource, ...further }),
    // Terra's older clients send the parameters in the body.
    body: authParameters.extend({ resource, ...further }).nullish(),
    response: { 200: z.object({ status: success, user_id: z.string(), auth_url: z.string() }) },
  };
  app.post("/v2/auth/authenticateUser", { schema }, async (request) => {
    const given = { ...request.query, ...request.body };
    const { userId, authUrl } = await authorization.begin({
      environmentId: environmentIdOf(request),
      providerSlugOrName: providerIn(given),
      referenceId: given.reference_id ?? null,
      successUrl: readRedirectUrl(given.auth_success_redirect_url),
      failureUrl: readRedirectUrl(given.auth_failure_redirect_url),
      sessionId: null,
      ...furtherIn(given),
      browser: null,
      agreement: null,
      language: given.language ?? null,
    });
    return { status: "success", user_id: userId, auth_url: authUrl };
  });
}

/** @throws SystoleError REQUEST_INVALID */
function providerIn({ resource }: { resource?: string | undefined }): string {
  if (resource !== undefined) return resource;
  const problem = "is required, in the query or in the body: the name of the provider";
  throw fieldInvalid("query", "resource", problem);
}

/** @throws SystoleError USER_NOT_FOUND */
function furtherIn({
  consent,
  user_id: userId,
}: {
  consent?: string | undefined;
  user_id?: string | undefined;
}) {
  if (consent === undefined) return {};
  if (userId === undefined || !isUuid(userId)) throw new SystoleError("USER_NOT_FOUND", { user_id: userId });
  return { further: { consent, userId } };
}

function deauthenticateUser(app: Api, services: ApiServices): void {
  const schema = {
    tags,
    summary: "End a connection and erase its data",
    querystring: z.object({ user_id: z.string().min(1) }),
    response: { 200: z.object({ status: success }) },
  };
  app.delete("/v2/auth/deauthenticateUser", { schema }, async (request) => {
    await disconnectUser(services, request, request.query.user_id);
    return { status: "success" };
  });
}

/** @throws SystoleError USER_NOT_FOUND */
export async function disconnectUser(
  services: ApiServices,
  request: FastifyRequest,
  userId: string,
): Promise<Erasure> {
  if (!isUuid(userId)) throw new SystoleError("USER_NOT_FOUND", { user_id: userId });
  const signal = AbortSignal.timeout(disconnectMs);
  return services.disconnect({ environmentId: environmentIdOf(request), userId, signal });
}

/** `tokens` is Terra's later name for it, with the same parameters and the same answer. */
const tokenPaths = ["/v2/auth/generateAuthToken", "/v2/auth/tokens"] as const;

function generateAuthToken(app: Api, { store }: ApiServices): void {
  const schema = {
    tags,
    summary: "A token that a mobile app redeems for one connection",
    querystring: z.object({
      reference_id: z.string().max(512).optional().describe("Binds the token to the developer's own id"),
    }),
    response: { 200: z.object({ status: success, token: z.string(), expires_in: z.literal(tokenSeconds) }) },
  };
  for (const path of tokenPaths) {
    app.post(path, { schema }, async (request) => {
      const owner = {
        environmentId: environmentIdOf(request),
        referenceId: request.query.reference_id ?? null,
      };
      const token = await createAuthToken(store.db, owner, tokenSeconds);
      return { status: "success", token, expires_in: tokenSeconds };
    });
  }
}
