import type { FastifyInstance, FastifyRequest } from "fastify";
import { z } from "zod";
import { isDate } from "../../kit/clock.ts";
import { checkedBody, controlBody } from "../../kit/control.ts";
import { param } from "../http.ts";
import { controlRefusal } from "../refusal.ts";
import type { Sandbox } from "../sandbox.ts";
import type { Person, Profile } from "../state.ts";

const ProfileBody = z.object({
  "first-name": z.string().optional(),
  "last-name": z.string().optional(),
  birthdate: z.string().refine(isDate, "must be a date YYYY-MM-DD").optional(),
  gender: z.enum(["MALE", "FEMALE"]).optional(),
  weight: z.number().positive().optional(),
  height: z.number().positive().optional(),
  "utc-offset": z.number().int().min(-840).max(840).optional(),
  consents: z.boolean().optional(),
});

/** Routes for the people of the sandbox: making, changing and listing them. */
export function peopleRoutes(app: FastifyInstance, sandbox: Sandbox): void {
  app.post("/_sandbox/users", async (request, reply) => {
    const { profile, consents } = profileOf(request);
    const person = sandbox.people.create(profile, consents ?? true);
    return reply.code(201).send({ user_id: person.id });
  });

  app.get("/_sandbox/users", async () => ({ users: sandbox.people.all().map(shown) }));

  app.get("/_sandbox/users/:id", async (request) => shown(requireUser(sandbox, request)));

  app.patch("/_sandbox/users/:id", async (request) => {
    const person = requireUser(sandbox, request);
    const { profile, consents } = profileOf(request);
    Object.assign(person.profile, profile);
    person.consents = consents ?? person.consents;
    return shown(person);
  });
}

export function requireUser(sandbox: Sandbox, request: FastifyRequest): Person {
  const id = param(request, "id");
  const person = sandbox.people.find(Number(id));
  if (!person) throw controlRefusal(404, `No sandbox user ${id}; POST /_sandbox/users makes one`);
  return person;
}

/** Reads a profile. Its keys are Polar's, with hyphens; underscores are accepted too. */
function profileOf(request: FastifyRequest): { profile: Partial<Profile>; consents: boolean | undefined } {
  const body = controlBody(request);
  const entries = typeof body === "object" && body !== null ? Object.entries(body) : [];
  const given = checkedBody(
    ProfileBody,
    Object.fromEntries(entries.map(([key, value]) => [key.replaceAll("_", "-"), value])),
  );
  const profile = {
    firstName: given["first-name"],
    lastName: given["last-name"],
    birthdate: given.birthdate,
    gender: given.gender,
    weight: given.weight,
    height: given.height,
    utcOffset: given["utc-offset"],
  };
  const present = Object.entries(profile).filter(([, value]) => value !== undefined);
  return { profile: Object.fromEntries(present), consents: given.consents };
}

function shown(person: Person): object {
  const counts = [...person.data].map(([resource, items]) => [resource, items.size]);
  const { profile } = person;
  return {
    user_id: person.id,
    name: `${profile.firstName} ${profile.lastName}`,
    registered: person.registration !== undefined,
    member_id: person.registration?.memberId ?? null,
    consents: person.consents,
    stored: Object.fromEntries(counts),
  };
}
