import type { FastifyInstance, FastifyReply } from "fastify";
import { bodyText } from "../http.ts";
import type { Sandbox } from "../sandbox.ts";
import { consentPage, escapeHtml, page, sendPage } from "./page.ts";

/**
 * Polar's authorisation page. `sandbox_user={id}` approves at once; without it a page asks. An error about a wrong
 * client or redirect_uri is shown to the person and never redirected.
 */
export function authorizeRoutes(app: FastifyInstance, sandbox: Sandbox): void {
  app.get("/oauth2/authorization", async (request, reply) => {
    const parameters = new URLSearchParams(request.url.split("?")[1] ?? "");
    if (refused(sandbox, parameters, reply)) return reply;
    const user = parameters.get("sandbox_user");
    if (user !== null) return approve(sandbox, parameters, user, reply);
    return sendPage(reply, 200, consentPage(sandbox, parameters));
  });

  app.post("/oauth2/authorization", async (request, reply) => {
    const parameters = new URLSearchParams(bodyText(request));
    if (refused(sandbox, parameters, reply)) return reply;
    if (parameters.get("decision") !== "allow")
      return redirect(parameters, { error: "access_denied" }, reply);
    const choice = parameters.get("sandbox_user") ?? "new";
    const user = choice === "new" ? String(sandbox.people.create().id) : choice;
    return approve(sandbox, parameters, user, reply);
  });
}

/** Refuses a faulty request. Returns true when it has been answered. */
function refused(sandbox: Sandbox, parameters: URLSearchParams, reply: FastifyReply): boolean {
  const redirectUri = parameters.get("redirect_uri");
  const scope = parameters.get("scope");
  if (parameters.get("client_id") !== sandbox.clientId) {
    sendPage(reply, 400, page("Unknown client", "<p>No client with this client_id exists.</p>"));
  } else if (redirectUri !== null && !isWebAddress(redirectUri)) {
    sendPage(reply, 400, page("Wrong redirect_uri", "<p>It must be an absolute http or https address.</p>"));
  } else if (parameters.get("response_type") !== "code") {
    redirect(parameters, { error: "unsupported_response_type" }, reply);
  } else if (scope !== null && scope !== "accesslink.read_all") {
    redirect(parameters, { error: "invalid_scope" }, reply);
  } else {
    return false;
  }
  return true;
}

function isWebAddress(uri: string): boolean {
  return URL.canParse(uri) && /^https?:$/.test(new URL(uri).protocol);
}

function approve(
  sandbox: Sandbox,
  parameters: URLSearchParams,
  user: string,
  reply: FastifyReply,
): FastifyReply {
  const person = sandbox.people.find(Number(user));
  if (!person) {
    return sendPage(reply, 400, page("Unknown person", `<p>No sandbox user ${escapeHtml(user)} exists.</p>`));
  }
  const code = sandbox.tokens.issueCode(person.id, parameters.get("redirect_uri") ?? undefined);
  return redirect(parameters, { code }, reply);
}

/**
 * Sends the browser back. Without a redirect_uri Polar uses the one its client registered; the sandbox has none and
 * shows the result.
 */
function redirect(
  parameters: URLSearchParams,
  result: Record<string, string>,
  reply: FastifyReply,
): FastifyReply {
  const state = parameters.get("state");
  const answer = { ...result, ...(state === null ? {} : { state }) };
  const redirectUri = parameters.get("redirect_uri");
  if (redirectUri === null) {
    const lines = Object.entries(answer).map(
      ([name, value]) => `<p>${name}: <code>${escapeHtml(value)}</code></p>`,
    );
    return sendPage(reply, "error" in answer ? 400 : 200, page("No redirect_uri was given", lines.join("")));
  }
  const location = new URL(redirectUri);
  for (const [name, value] of Object.entries(answer)) location.searchParams.set(name, value);
  return reply.redirect(location.href, 302);
}
