import type { FastifyInstance } from "fastify";
import { callerOf } from "../auth.ts";
import { bodyText, sendJson } from "../http.ts";
import { oauthRefusal } from "../refusal.ts";
import type { Sandbox } from "../sandbox.ts";

/**
 * The lifetime that Polar's answer gives. The same documentation says that tokens do not expire unless revoked; the
 * sandbox's do not expire.
 */
const EXPIRES_IN = 31_535_999;

export function tokenRoutes(app: FastifyInstance, sandbox: Sandbox): void {
  app.post("/v2/oauth2/token", async (request, reply) => {
    if (callerOf(sandbox, request.headers.authorization).kind !== "client") {
      reply.header("WWW-Authenticate", 'Basic realm="oauth2"');
      throw oauthRefusal(401, "invalid_client", "Client authentication failed");
    }
    if (!/^application\/x-www-form-urlencoded\b/i.test(request.headers["content-type"] ?? "")) {
      throw oauthRefusal(400, "invalid_request", "The body must be application/x-www-form-urlencoded");
    }
    const form = new URLSearchParams(bodyText(request));
    const { token, userId } = exchanged(sandbox, form);
    reply.header("Cache-Control", "no-store");
    return sendJson(
      reply,
      JSON.stringify({
        access_token: token,
        token_type: "bearer",
        expires_in: EXPIRES_IN,
        x_user_id: userId,
      }),
    );
  });
}

function exchanged(sandbox: Sandbox, form: URLSearchParams): { token: string; userId: number } {
  const grant = form.get("grant_type");
  if (grant === null) throw oauthRefusal(400, "invalid_request", "grant_type is required");
  if (grant !== "authorization_code") {
    throw oauthRefusal(400, "unsupported_grant_type", "grant_type must be authorization_code");
  }
  const code = form.get("code");
  if (code === null) throw oauthRefusal(400, "invalid_request", "code is required");
  const result = sandbox.tokens.exchange(code, form.get("redirect_uri") ?? undefined);
  if ("refused" in result) throw oauthRefusal(400, "invalid_grant", result.refused);
  return result;
}
