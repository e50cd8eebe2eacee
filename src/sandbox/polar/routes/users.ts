import type { FastifyInstance, FastifyRequest } from "fastify";
import { requireConsents, requireToken, requireV3Caller } from "../auth.ts";
import { decimal } from "../decimal.ts";
import { badRequest, bodyText, noContent, param, sendJson } from "../http.ts";
import { polarRefusal } from "../refusal.ts";
import type { Sandbox } from "../sandbox.ts";
import type { Person, Registration } from "../state.ts";

/** Routes of registration, which is required before any data call, once per person and member id. */
export function userRoutes(app: FastifyInstance, sandbox: Sandbox): void {
  app.post("/v3/users", async (request, reply) => {
    const { person, grant } = requireV3Caller(sandbox, request);
    requireConsents(person);
    if (grant !== undefined && !sandbox.v4.switches.v3_registers_v4_token) {
      throw polarRefusal(401, "UnauthorizedException", "The access token is of another API");
    }
    const memberId = memberIdOf(request);
    refuseDuplicate(sandbox, person, memberId);
    const registration = sandbox.people.register(person, memberId, grant !== undefined);
    return sendJson(reply, userBody(person, registration));
  });

  app.get("/v3/users/:id", async (request, reply) => {
    const person = requireConsents(requireOwn(sandbox, request));
    if (!person.registration) return noContent(reply);
    return sendJson(reply, userBody(person, person.registration));
  });

  app.delete("/v3/users/:id", async (request, reply) => {
    const person = requireOwn(sandbox, request);
    delete person.registration;
    sandbox.tokens.revoke(person.id);
    if (sandbox.v4.switches.v3_delete_ends_v4_grant) sandbox.v4.grants.revoke(person.id);
    return noContent(reply);
  });
}

function requireOwn(sandbox: Sandbox, request: FastifyRequest): Person {
  const person = requireToken(sandbox, request);
  const id = param(request, "id");
  if (!/^\d+$/.test(id)) throw polarRefusal(404, "NotFoundException", `No resource /v3/users/${id}`);
  if (id === String(person.id)) return person;
  throw polarRefusal(403, "ForbiddenException", "The access token belongs to another user");
}

function memberIdOf(request: FastifyRequest): string {
  const type = request.headers["content-type"];
  if (type !== undefined && !/json/i.test(type)) {
    throw polarRefusal(415, "UnsupportedMediaTypeException", "Content-Type must be application/json");
  }
  let body: unknown;
  try {
    body = JSON.parse(bodyText(request));
  } catch {
    throw badRequest("The body is not JSON");
  }
  const memberId = (body as Record<string, unknown> | null)?.["member-id"];
  if (typeof memberId !== "string" || memberId === "") throw badRequest('"member-id" is required');
  return memberId;
}

function refuseDuplicate(sandbox: Sandbox, person: Person, memberId: string): void {
  const taken = sandbox.people.registered().some((other) => other.registration?.memberId === memberId);
  if (!person.registration && !taken) return;
  const reason = person.registration ? "User is already registered" : "member-id is used by another user";
  throw polarRefusal(409, "ConflictException", reason);
}

function userBody(person: Person, registration: Registration): string {
  const { profile } = person;
  return JSON.stringify({
    "polar-user-id": person.id,
    "member-id": registration.memberId,
    "registration-date": new Date(registration.at).toISOString(),
    "first-name": profile.firstName,
    "last-name": profile.lastName,
    birthdate: profile.birthdate,
    gender: profile.gender,
    weight: decimal(profile.weight),
    height: decimal(profile.height),
    "extra-info": [],
  });
}
