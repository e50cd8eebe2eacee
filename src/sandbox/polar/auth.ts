import { timingSafeEqual } from "node:crypto";
import type { FastifyRequest } from "fastify";
import { polarRefusal } from "./refusal.ts";
import type { Sandbox } from "./sandbox.ts";
import type { Person } from "./state.ts";
import type { Grant } from "./v4/grants.ts";

export type Caller =
  | { kind: "client" }
  /** `grant`: the consent at v4 that the token is of; absent for a token of v3. */
  | { kind: "person"; person: Person; grant?: Grant }
  | { kind: "unknown" };

/** Returns the caller: the client by Basic, or a person's data by Bearer. */
export function callerOf(sandbox: Sandbox, authorization: string | undefined): Caller {
  const [scheme = "", credentials = ""] = (authorization ?? "").split(/\s+/, 2);
  if (/^basic$/i.test(scheme) && isClient(sandbox, credentials)) return { kind: "client" };
  if (!/^bearer$/i.test(scheme)) return { kind: "unknown" };
  const grant = sandbox.v4.grants.grantOf(credentials);
  const userId = grant?.userId ?? sandbox.tokens.userOf(credentials);
  const person = userId === undefined ? undefined : sandbox.people.find(userId);
  return person ? { kind: "person", person, ...(grant && { grant }) } : { kind: "unknown" };
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
  return requireV3Caller(sandbox, request).person;
}

/** Returns the caller of a path of v3. Whether that may be with a token of v4 is decided by a switch. */
export function requireV3Caller(sandbox: Sandbox, request: FastifyRequest): Caller & { kind: "person" } {
  const caller = callerOf(sandbox, request.headers.authorization);
  const isRefused = caller.kind !== "person" || (caller.grant !== undefined && refusesV4(sandbox));
  if (!isRefused) return caller;
  throw polarRefusal(401, "UnauthorizedException", "The access token is missing, unknown or revoked");
}

const refusesV4 = ({ v4 }: Sandbox) => v4.switches.v3_accepts_v4_token === "never";

export function requireConsents(person: Person): Person {
  if (person.consents) return person;
  throw polarRefusal(403, "ConsentsMissingException", "User has not accepted all mandatory consents");
}

/** Returns a person whose data may be read: valid token, consents given, registered to the client. */
export function requirePerson(sandbox: Sandbox, request: FastifyRequest): Person {
  const { person, grant } = requireV3Caller(sandbox, request);
  requireConsents(person);
  const isAlways = grant !== undefined && sandbox.v4.switches.v3_accepts_v4_token === "always";
  if (person.registration || isAlways) return person;
  throw polarRefusal(403, "UserNotRegisteredException", "User must be registered with POST /v3/users first");
}
