/** Calls of the server, typed by its OpenAPI document. */
import createClient, { type Middleware } from "openapi-fetch";
import createHooks from "openapi-react-query";
import { oneEach } from "./one-each.ts";
import { asProblem } from "./problem.ts";
import type { paths } from "./schema.gen.ts";

let csrfToken = "";
let onSignedOut: () => void = () => {};

/** Sent with every change: a page of another site cannot know it. */
export function setCsrfToken(token: string): void {
  csrfToken = token;
}

/** Called when an answer says that nobody is signed in any more. */
export function whenSignedOut(act: () => void): void {
  onSignedOut = act;
}

const withSession: Middleware = {
  onRequest({ request }) {
    if (request.method !== "GET") request.headers.set("x-csrf-token", csrfToken);
    return request;
  },
  async onResponse({ request, response }) {
    if (response.status === 401 && usesSession(request)) onSignedOut();
    if (response.ok || /json/.test(response.headers.get("content-type") ?? "")) return undefined;
    // A proxy between us and the server answers in its own words.
    const problem = asProblem(null, response.status);
    return new Response(JSON.stringify(problem), { status: response.status, headers: jsonType });
  },
};

/** Signing in, and the first account's admin token, may be refused without anybody being signed out. */
const usesSession = ({ url, headers }: Request): boolean =>
  new URL(url).pathname !== "/admin/v1/session" && !headers.has("authorization");

const jsonType = { "content-type": "application/problem+json" };

function clientOf(environment: string | null) {
  const headers = environment === null ? {} : { "dev-id": environment };
  const client = createClient<paths>({ baseUrl: window.location.origin, headers });
  client.use(withSession);
  return client;
}

/** Calls about one environment. */
export const callsAbout = oneEach(clientOf);

/** Calls about the server as a whole. */
export const serverCalls = clientOf(null);
export type Hooks = ReturnType<typeof createHooks<paths>>;

export const hooksAbout = oneEach((devId): Hooks => createHooks(callsAbout(devId)));
