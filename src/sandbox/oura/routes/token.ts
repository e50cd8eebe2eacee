/** Codes and refresh tokens for access tokens, and the end of a permission. */
import type { FastifyInstance, FastifyRequest } from "fastify";
import { bodyText, query } from "../../kit/http.ts";
import { oauthRefusal } from "../refusal.ts";
import { client, type Sandbox } from "../sandbox.ts";
import { type Issued, tokenLifetimeMs } from "../tokens.ts";

export function tokenRoutes(app: FastifyInstance, sandbox: Sandbox): void {
  app.post("/oauth/token", async (request, reply) => {
    const form = new URLSearchParams(bodyText(request));
    requireClient(request, form);
    const { accessToken, refreshToken } = issuedFor(sandbox, form);
    // The reply names no scopes: the redirect has named them.
    return reply.header("cache-control", "no-store").send({
      access_token: accessToken,
      token_type: "bearer",
      expires_in: tokenLifetimeMs / 1_000,
      refresh_token: refreshToken,
    });
  });

  for (const method of ["GET", "POST"] as const) {
    app.route({
      method,
      url: "/oauth/revoke",
      handler: async (request, reply) => {
        const granted = sandbox.tokens.grantedBy(query(request, "access_token") ?? "");
        if (granted === null) throw oauthRefusal(401, "invalid_token");
        sandbox.tokens.revoke(granted.userId);
        return reply.code(200).send({});
      },
    });
  }
}

/** The client's credentials come in the body, or by Basic authentication. */
function requireClient({ headers }: FastifyRequest, form: URLSearchParams): void {
  const basic = /^basic (.+)$/i.exec(headers.authorization ?? "")?.[1];
  const given =
    basic === undefined
      ? `${form.get("client_id")}:${form.get("client_secret")}`
      : Buffer.from(basic, "base64").toString("utf8");
  if (given !== `${client.id}:${client.secret}`) throw oauthRefusal(401, "invalid_client");
}

function issuedFor({ tokens }: Sandbox, form: URLSearchParams): Issued {
  const issued = {
    authorization_code: () => tokens.exchange(form.get("code") ?? "", form.get("redirect_uri")),
    refresh_token: () => tokens.refresh(form.get("refresh_token") ?? ""),
  };
  const grantType = form.get("grant_type");
  if (grantType !== "authorization_code" && grantType !== "refresh_token")
    throw oauthRefusal(400, "unsupported_grant_type");
  const found = issued[grantType]();
  if (found === null) throw oauthRefusal(400, "invalid_grant");
  return found;
}
