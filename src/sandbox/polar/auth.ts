import { timingSafeEqual } from "node:crypto";
import type { FastifyRequest } from "fastify";
import { polarRefusal } from "./refusal.ts";
import type { Sandbox } from "./sandbox.ts";
import type { Person } from "./state.ts";

export type Caller = { kind: "client" } | { kind: "person"; person: Person } | { kind: "unknown" };

/** Returns the caller: the client by Basic, or a person's data by Bearer. */
export function callerOf(sandbox: Sandbox, authorization: string | undefined): Caller {
  const [scheme = "", credentials = ""] = (authorization ?? "").split(/\s+/, 2);
  if (/^basic$/i.test(scheme) && isClient(sandbox, credentials)) return { kind: "client" };
  if (!/^bearer$/i.test(scheme)) return { kind: "unknown" };
  const userId = sandbox.tokens.userOf(credentials);
  const person = userId === undefined ? undefined : sandbox.people.find(userId);
  return person ? { kind: "person", person } : { kind: "unknown" };
}

/**
 * Compares the credentials as sent. RFC 6749 would have them form-encoded first, which not every server undoes: some
 * would refuse a client that encodes `-`, so the sandbox refuses it too.
 */
function isClient(sandbox: Sandbox, credentials: string): boolean {
  const given = Buffer.from(credentials, "base64");
  const expected = Buffer.from(`${sandbox.clientId}:${sandbox.clientSecret}`);
  return given.length === expected.length && timingSafeEqual(given, expected);
}

export function requireClient(sandbox: Sandbox, request: FastifyRequest): void {
  if (callerOf(sandbox, request.headers.authorization).kind === "client") return;
  throw polarRefusal(
    401,
    "UnauthorizedException",
    "Basic authentication with client id and secret is required",
  );
}

/** Returns the person with this token, registered or not. */
export function requireToken(sandbox: Sandbox, request: FastifyRequest): Person {
  const caller = callerOf(sandbox, request.headers.authorization);
  if (caller.kind === "person") return caller.person;
  throw polarRefusal(401, "UnauthorizedException", "The access token is missing, unknown or revoked");
}

export function requireConsents(person: Person): Person {
  if (person.consents) return person;
  throw polarRefusal(403, "ConsentsMissingException", "User has not accepted all mandatory consents");
}

/** Returns a person whose data may be read: valid token, consents given, registered to the client. */
export function requirePerson(sandbox: Sandbox, request: FastifyRequest): Person {
  const person = requireConsents(requireToken(sandbox, request));
  if (person.registration) return person;
  throw polarRefusal(403, "UserNotRegisteredException", "User must be registered with POST /v3/users first");
}
