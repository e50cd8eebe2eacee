import type { FastifyInstance, FastifyReply } from "fastify";
import { bodyText } from "../../http.ts";
import { escapeHtml, page, sendPage } from "../../oauth/page.ts";
import type { Sandbox } from "../../sandbox.ts";
import { scopes, words } from "../scopes.ts";
import { scopePage } from "./page.ts";

const PATH = "/oauth/authorize";

/**
 * The page where a person consents to the Dynamic API, and may give less than was asked for. `sandbox_user={id}`
 * approves at once: all scopes, or those in `sandbox_scopes`.
 */
export function v4AuthorizeRoutes(app: FastifyInstance, sandbox: Sandbox): void {
  app.get(PATH, async (request, reply) => {
    const parameters = new URLSearchParams(request.url.split("?")[1] ?? "");
    if (refused(sandbox, parameters, reply)) return reply;
    const user = parameters.get("sandbox_user");
    if (user === null) return sendPage(reply, 200, scopePage(sandbox, parameters, PATH));
    const given = parameters.get("sandbox_scopes");
    return approve(sandbox, parameters, { user, given: given === null ? null : words(given) }, reply);
  });

  app.post(PATH, async (request, reply) => {
    const parameters = new URLSearchParams(bodyText(request));
    if (refused(sandbox, parameters, reply)) return reply;
    if (parameters.get("decision") !== "allow") return back(parameters, { error: "access_denied" }, reply);
    const choice = parameters.get("sandbox_user") ?? "new";
    const user = choice === "new" ? String(sandbox.people.create().id) : choice;
    return approve(sandbox, parameters, { user, given: parameters.getAll("granted") }, reply);
  });
}

/** Refuses a faulty request. Returns true when it has been answered. */
function refused(sandbox: Sandbox, parameters: URLSearchParams, reply: FastifyReply): boolean {
  const redirectUri = parameters.get("redirect_uri");
  if (parameters.get("client_id") !== sandbox.clientId) {
    sendPage(reply, 400, page("Unknown client", "<p>No client with this client_id exists.</p>"));
  } else if (redirectUri === null || !URL.canParse(redirectUri)) {
    sendPage(reply, 400, page("Wrong redirect_uri", "<p>It must be an absolute address.</p>"));
  } else if (parameters.get("response_type") !== "code") {
    back(parameters, { error: "unsupported_response_type" }, reply);
  } else if (!areKnown(words(parameters.get("scope") ?? ""))) {
    back(parameters, { error: "invalid_scope" }, reply);
  } else {
    return false;
  }
  return true;
}

/** Scopes are required, and one of v3's, such as `accesslink.read_all`, is refused. */
const areKnown = (asked: readonly string[]) => asked.length > 0 && asked.every((scope) => scopes.has(scope));

function approve(
  sandbox: Sandbox,
  parameters: URLSearchParams,
  { user, given }: { user: string; given: readonly string[] | null },
  reply: FastifyReply,
): FastifyReply {
  const person = sandbox.people.find(Number(user));
  if (!person) {
    return sendPage(reply, 400, page("Unknown person", `<p>No sandbox user ${escapeHtml(user)} exists.</p>`));
  }
  const asked = words(parameters.get("scope") ?? "");
  const granted = asked.filter((scope) => given === null || given.includes(scope));
  const redirectUri = parameters.get("redirect_uri") ?? "";
  return back(parameters, { code: sandbox.v4.grants.issueCode(person.id, granted, redirectUri) }, reply);
}

function back(
  parameters: URLSearchParams,
  result: Record<string, string>,
  reply: FastifyReply,
): FastifyReply {
  const location = new URL(parameters.get("redirect_uri") ?? "");
  const state = parameters.get("state");
  const answer = { ...result, ...(state !== null && { state }) };
  for (const [name, value] of Object.entries(answer)) location.searchParams.set(name, value);
  return reply.redirect(location.href, 302);
}
