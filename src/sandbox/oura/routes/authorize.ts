/** Oura's consent page. `sandbox_user={id}` agrees at once; without it a page asks. */
import type { FastifyInstance, FastifyReply } from "fastify";
import { bodyText } from "../../kit/http.ts";
import { page as anyPage, escapeHtml, sendPage } from "../../kit/page.ts";
import { type Scope, scopeNames } from "../collections.ts";
import { client, type Sandbox } from "../sandbox.ts";
import type { Person } from "../state.ts";

const path = "/oauth/authorize";

const page = (title: string, content: string): string =>
  anyPage(title, content, "This is Systole’s Oura sandbox. Nothing here reaches Oura.");

export function authorizeRoutes(app: FastifyInstance, sandbox: Sandbox): void {
  app.get(path, async (request, reply) => {
    const asked = new URLSearchParams(request.url.split("?")[1] ?? "");
    if (isRefused(asked, reply)) return reply;
    const user = asked.get("sandbox_user");
    if (user === null) return sendPage(reply, 200, consentPage(sandbox, asked));
    const person = sandbox.people.find(user);
    return person === undefined ? unknownPerson(user, reply) : agree(sandbox, asked, person, reply);
  });

  app.post(path, async (request, reply) => {
    const asked = new URLSearchParams(bodyText(request));
    if (isRefused(asked, reply)) return reply;
    if (asked.get("decision") !== "allow") return back(asked, { error: "access_denied" }, reply);
    const user = asked.get("sandbox_user") ?? "new";
    const person = user === "new" ? sandbox.people.create() : sandbox.people.find(user);
    if (person === undefined) return unknownPerson(user, reply);
    person.scopes = scopeNames.filter((scope) => asked.getAll("granted").includes(scope));
    return agree(sandbox, asked, person, reply);
  });
}

const unknownPerson = (user: string, reply: FastifyReply): FastifyReply =>
  sendPage(reply, 400, page("Unknown person", `<p>No sandbox user ${escapeHtml(user)} exists.</p>`));

function isRefused(asked: URLSearchParams, reply: FastifyReply): boolean {
  if (asked.get("client_id") !== client.id) {
    sendPage(reply, 400, page("Unknown client", "<p>No client with this client_id exists.</p>"));
  } else if (!/^https?:$/.test(URL.parse(asked.get("redirect_uri") ?? "")?.protocol ?? "")) {
    sendPage(reply, 400, page("Wrong redirect_uri", "<p>It must be an absolute http or https address.</p>"));
  } else if (asked.get("response_type") !== "code") {
    back(asked, { error: "unsupported_response_type" }, reply);
  } else if (askedScopes(asked).some((scope) => !scopeNames.some((known) => known === scope))) {
    back(asked, { error: "invalid_scope" }, reply);
  } else return false;
  return true;
}

/** "Empty: all scopes of the application." */
function askedScopes(asked: URLSearchParams): readonly string[] {
  const named = (asked.get("scope") ?? "").split(" ").filter((scope) => scope !== "");
  return named.length > 0 ? named : scopeNames;
}

/** Sends the browser back with the code and the scopes that the person granted. */
function agree(sandbox: Sandbox, asked: URLSearchParams, person: Person, reply: FastifyReply): FastifyReply {
  const wanted = askedScopes(asked);
  const scopes: readonly Scope[] = person.scopes.filter((scope) => wanted.includes(scope));
  const code = sandbox.tokens.issueCode({ userId: person.id, scopes }, asked.get("redirect_uri") ?? "");
  return back(asked, { code, scope: scopes.join(" ") }, reply);
}

function back(
  asked: URLSearchParams,
  answer: Readonly<Record<string, string>>,
  reply: FastifyReply,
): FastifyReply {
  const location = new URL(asked.get("redirect_uri") ?? "");
  const state = asked.get("state");
  for (const [name, value] of Object.entries({ ...answer, ...(state !== null && { state }) }))
    location.searchParams.set(name, value);
  return reply.redirect(location.href, 302);
}

function consentPage(sandbox: Sandbox, asked: URLSearchParams): string {
  const hidden = [...asked].map(
    ([name, value]) => `<input type="hidden" name="${escapeHtml(name)}" value="${escapeHtml(value)}">`,
  );
  const people = [...sandbox.people.all().map(({ id, profile }) => ({ id, label: profile.email }))];
  const choices = [...people, { id: "new", label: "Create a new person" }].map(
    ({ id, label }, index) =>
      `<label><input type="radio" name="sandbox_user" value="${id}"${index === 0 ? " checked" : ""}> ${escapeHtml(label)}</label>`,
  );
  const scopes = askedScopes(asked).map(
    (scope) =>
      `<label><input type="checkbox" name="granted" value="${escapeHtml(scope)}" checked> ${escapeHtml(scope)}</label>`,
  );
  return page(
    "Share your Oura data",
    `<form method="post" action="${escapeHtml(`${sandbox.place.url}${path}`)}">${hidden.join("")}
<fieldset><legend>Who are you?</legend>${choices.join("")}</fieldset>
<fieldset><legend>What may be read?</legend>${scopes.join("")}</fieldset>
<button name="decision" value="allow">Allow</button> <button name="decision" value="deny">Deny</button></form>`,
  );
}
