import { randomUUID } from "node:crypto";
import type { FastifyInstance } from "fastify";
import { callerOf } from "../../auth.ts";
import { bodyText, sendJson } from "../../http.ts";
import { oauthRefusal } from "../../refusal.ts";
import type { Sandbox } from "../../sandbox.ts";
import type { TokenPair } from "../grants.ts";
import type { Switches } from "../switches.ts";

/** The number by which a person's id at v4 differs from that at v3, where the switch says that it does. */
const OTHER_ID = 40_000_000;

export function v4TokenRoutes(app: FastifyInstance, sandbox: Sandbox): void {
  app.post("/oauth/token", async (request, reply) => {
    if (callerOf(sandbox, request.headers.authorization).kind !== "client") {
      reply.header("WWW-Authenticate", 'Basic realm="oauth"');
      throw oauthRefusal(401, "invalid_client", "Client authentication failed");
    }
    if (!/^application\/x-www-form-urlencoded\b/i.test(request.headers["content-type"] ?? "")) {
      throw oauthRefusal(400, "invalid_request", "The body must be application/x-www-form-urlencoded");
    }
    const pair = granted(sandbox, new URLSearchParams(bodyText(request)));
    reply.header("Cache-Control", "no-store");
    return sendJson(reply, JSON.stringify(replyOf(sandbox, pair)));
  });
}

function granted({ v4: { grants } }: Sandbox, form: URLSearchParams): TokenPair {
  const result = resultOf();
  if ("refused" in result) throw oauthRefusal(400, "invalid_grant", result.refused);
  return result;

  function resultOf() {
    const grant = required(form, "grant_type");
    if (grant === "authorization_code") {
      return grants.exchange(required(form, "code"), form.get("redirect_uri"));
    }
    if (grant === "refresh_token") return grants.renew(required(form, "refresh_token"));
    const message = "grant_type must be authorization_code or refresh_token";
    throw oauthRefusal(400, "unsupported_grant_type", message);
  }
}

function required(form: URLSearchParams, name: string): string {
  const value = form.get(name);
  if (value === null) throw oauthRefusal(400, "invalid_request", `${name} is required`);
  return value;
}

function replyOf({ v4: { switches } }: Sandbox, { grant, access, refresh }: TokenPair): object {
  const id = grant.userId + (switches.x_user_id === "other" ? OTHER_ID : 0);
  return {
    access_token: access,
    token_type: "bearer",
    ...(refresh !== undefined && { refresh_token: refresh }),
    ...lifetimeOf(switches),
    ...(switches.scope_in_reply === "granted" && { scope: grant.scopes.join(" ") }),
    ...(switches.x_user_id !== "absent" && { x_user_id: id }),
    jti: randomUUID(),
  };
}

function lifetimeOf({ expires_in, expires_in_reply }: Switches): object {
  const said = { true: expires_in, text: String(expires_in), zero: 0, negative: -1, huge: 9e15 };
  return expires_in_reply === "absent" ? {} : { expires_in: said[expires_in_reply] };
}
