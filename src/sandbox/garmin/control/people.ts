/** The control side: people, their keys and data, and what was asked for. */
import type { FastifyInstance, FastifyRequest } from "fastify";
import { z } from "zod";
import { checkedBody, controlBody } from "../../kit/control.ts";
import { bodyText, param, query } from "../../kit/http.ts";
import { elements } from "../../kit/raw-json.ts";
import { generate, type Made } from "../generate/index.ts";
import { napsIn } from "../generate/sleep.ts";
import { controlRefusal } from "../refusal.ts";
import type { Sandbox } from "../sandbox.ts";
import { keep, type Person } from "../state.ts";
import { isResource, keyOf, type ResourceName, resourceNames } from "../stored.ts";

const PersonBody = z.object({
  utc_offset: z.int().min(-840).max(840).optional(),
  time_zone: z.string().optional(),
  food_diary: z.boolean().optional(),
  menstrual_cycle: z.boolean().optional(),
  pregnant: z.boolean().optional(),
  hydration: z.boolean().optional(),
});
const KeyBody = z.object({ days: z.number().positive().max(365).default(365) });
const GenerateBody = z.object({
  days: z.int().min(1).max(365).default(28),
  seed: z.int().default(1),
});

export function peopleRoutes(app: FastifyInstance, sandbox: Sandbox): void {
  app.post("/_sandbox/users", async (request, reply) => {
    const given = checkedBody(PersonBody, controlBody(request));
    const person = sandbox.people.create();
    change(person, given);
    return reply.code(201).send({ user_id: person.id });
  });
  app.get("/_sandbox/users", async () => ({ users: sandbox.people.all().map(shownPerson) }));
  app.get("/_sandbox/users/:id", async (request) => shownPerson(requireUser(sandbox, request)));
  app.patch("/_sandbox/users/:id", async (request) => {
    const person = requireUser(sandbox, request);
    change(person, checkedBody(PersonBody, controlBody(request)));
    return shownPerson(person);
  });

  // What the person does on Garmin's page: it shows the key once.
  app.post("/_sandbox/users/:id/keys", async (request, reply) => {
    const { days } = checkedBody(KeyBody, controlBody(request));
    const key = sandbox.keys.make(requireUser(sandbox, request).id, days);
    return reply.code(201).send({ key: key.text, ends_at: new Date(key.endsAt).toISOString() });
  });

  dataRoutes(app, sandbox);
}

function dataRoutes(app: FastifyInstance, sandbox: Sandbox): void {
  app.post("/_sandbox/users/:id/generate", async (request) => {
    const person = requireUser(sandbox, request);
    const { days, seed } = checkedBody(GenerateBody, controlBody(request));
    const made = generate(person, { days, seed, now: sandbox.place.clock.now() });
    for (const { resource, key, body, file } of made) {
      keep(person, resource, key, JSON.stringify(body));
      if (file !== undefined) person.files.set(key, file);
    }
    return { stored: counted(made) };
  });

  app.put("/_sandbox/users/:id/files/:activity", async (request) => {
    const { body } = request;
    if (!(body instanceof Buffer)) throw controlRefusal(400, "The body must be the file");
    requireUser(sandbox, request).files.set(param(request, "activity"), () => body);
    return { stored: 1 };
  });

  app.put("/_sandbox/users/:id/:resource", async (request) => {
    const person = requireUser(sandbox, request);
    return put(person, resourceNamed(param(request, "resource")), request);
  });

  // With a day or an id one body; without, all of the resource.
  app.delete("/_sandbox/users/:id/:resource", async (request) => {
    const resource = resourceNamed(param(request, "resource"));
    const kept = requireUser(sandbox, request).bodies.get(resource);
    const key = query(request, "key");
    const ended = key === undefined ? (kept?.size ?? 0) : Number(kept?.has(key) ?? false);
    if (key === undefined) kept?.clear();
    else kept?.delete(key);
    return { deleted: ended };
  });
}

/** Routes about the sandbox itself. */
export function recordRoutes(app: FastifyInstance, sandbox: Sandbox): void {
  app.get("/_sandbox/requests", async () => ({ requests: sandbox.requests.all() }));
  app.delete("/_sandbox/requests", async (_request, reply) => {
    sandbox.requests.clear();
    return reply.code(204).send();
  });
  app.get("/_sandbox/limits", async () => ({ ...sandbox.paces.limits, refused: sandbox.paces.refused }));
  app.put("/_sandbox/limits", async (request) => {
    const given = checkedBody(LimitsBody, controlBody(request));
    for (const [name, value] of Object.entries(given))
      if (value !== undefined) Object.assign(sandbox.paces.limits, { [name]: value });
    return sandbox.paces.limits;
  });
  app.post("/_sandbox/reset", async (_request, reply) => {
    sandbox.reset();
    return reply.code(204).send();
  });
}

const LimitsBody = z.object({
  parallel: z.int().positive().optional(),
  perSecond: z.number().positive().optional(),
  burst: z.int().positive().optional(),
  retryAfter: z.int().min(0).nullable().optional(),
});

/** Lists that are one body, because their path answers with a list. */
const bodiesThatAreLists: ReadonlySet<ResourceName> = new Set(["activity-workouts", "heart-rate-zones"]);

function put(person: Person, resource: ResourceName, request: FastifyRequest): object {
  const text = bodyText(request);
  const parsed = parse(text);
  const isMany = Array.isArray(parsed) && !bodiesThatAreLists.has(resource);
  const texts = isMany ? elements(text) : [text.trim()];
  const given = query(request, "key");
  // All are read before the first is stored.
  const named = texts.map((one, index) => {
    const key = keyOf(resource, JSON.parse(one), given);
    if (key !== null) return { key, one };
    throw controlRefusal(400, `${resource}[${index}]: it names no day or id; ?key= may tell it`);
  });
  for (const { key, one } of named) keep(person, resource, key, one);
  return { stored: named.length };
}

/** Returns how many bodies there are of each resource, and how many naps are in the nights. */
const counted = (made: readonly Made[]): Partial<Record<ResourceName | "naps", number>> => ({
  ...Object.fromEntries(
    [...Map.groupBy(made, ({ resource }) => resource)].map(([name, of]) => [name, of.length]),
  ),
  naps: made.flatMap(({ resource, body }) => (resource === "sleep" ? napsIn(body) : [])).length,
});

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw controlRefusal(400, `The body is not JSON: ${error instanceof Error ? error.message : error}`);
  }
}

function change(person: Person, given: z.output<typeof PersonBody>): void {
  for (const [name, value] of Object.entries(given))
    if (value !== undefined) Object.assign(person.profile, { [name]: value });
}

function requireUser({ people }: Sandbox, request: FastifyRequest): Person {
  const id = param(request, "id");
  const person = people.find(Number(id));
  if (person === undefined)
    throw controlRefusal(404, `No sandbox user ${id}; POST /_sandbox/garmin/users makes one`);
  return person;
}

function resourceNamed(name: string): ResourceName {
  if (isResource(name)) return name;
  throw controlRefusal(404, `No resource "${name}"; there are ${resourceNames.join(", ")}`);
}

const shownPerson = ({ id, profile, bodies }: Person): object => ({
  user_id: id,
  ...profile,
  stored: Object.fromEntries([...bodies].map(([name, kept]) => [name, kept.size])),
});
