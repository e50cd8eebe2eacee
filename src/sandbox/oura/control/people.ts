/** The control side: people, their data, and what was asked for. */
import type { FastifyInstance, FastifyRequest } from "fastify";
import { z } from "zod";
import { checkedBody, controlBody } from "../../kit/control.ts";
import { bodyText, param, query } from "../../kit/http.ts";
import { type Collection, collections, scopeNames } from "../collections.ts";
import { generate } from "../generate/index.ts";
import { controlRefusal } from "../refusal.ts";
import type { Sandbox } from "../sandbox.ts";
import type { Person } from "../state.ts";
import { shown } from "../subscriptions.ts";
import { remove, type Times, textsIn, upload } from "../upload.ts";

const PersonBody = z.object({
  age: z.int().positive().optional(),
  weight: z.number().positive().optional(),
  height: z.number().positive().optional(),
  biological_sex: z.string().optional(),
  email: z.string().optional(),
  utc_offset: z.int().min(-840).max(840).optional(),
  scopes: z.array(z.enum(scopeNames)).optional(),
  membership: z.boolean().optional(),
});

const GenerateBody = z.object({
  days: z.int().min(1).max(365).default(28),
  seed: z.int().default(1),
  notify: z.boolean().default(true),
});

const PagesBody = z.object({
  documents: z.int().positive().optional(),
  samples: z.int().positive().optional(),
});

export function peopleRoutes(app: FastifyInstance, sandbox: Sandbox): void {
  app.post("/_sandbox/users", async (request, reply) => {
    const person = sandbox.people.create();
    change(person, request);
    return reply.code(201).send({ user_id: person.id });
  });
  app.get("/_sandbox/users", async () => ({ users: sandbox.people.all().map(shownPerson) }));
  app.get("/_sandbox/users/:id", async (request) => shownPerson(requireUser(sandbox, request)));
  app.patch("/_sandbox/users/:id", async (request) => {
    const person = requireUser(sandbox, request);
    change(person, request);
    return shownPerson(person);
  });

  app.post("/_sandbox/users/:id/generate", async (request) => {
    const person = requireUser(sandbox, request);
    const { days, seed, notify } = checkedBody(GenerateBody, controlBody(request));
    const stored: Record<string, number> = {};
    let notified = 0;
    for (const [name, bodies] of generate(person, { days, seed, now: sandbox.place.clock.now() })) {
      const collection = collectionNamed(name);
      const texts = bodies.map((body) => JSON.stringify(body));
      const result = upload(sandbox, person, { collection, texts, times: notify ? 1 : 0 });
      stored[name] = result.stored;
      notified += result.notified;
    }
    return { stored, notified };
  });

  app.put("/_sandbox/users/:id/:collection", async (request) => {
    const person = requireUser(sandbox, request);
    const collection = collectionNamed(param(request, "collection"));
    return upload(sandbox, person, {
      collection,
      texts: textsIn(bodyText(request)),
      times: timesOf(request),
    });
  });

  app.delete("/_sandbox/users/:id/:collection/:document", async (request) => {
    const person = requireUser(sandbox, request);
    const collection = collectionNamed(param(request, "collection"));
    const id = param(request, "document");
    return { notified: remove(sandbox, person, { collection, id, times: timesOf(request) }) };
  });
}

/** Routes about the sandbox itself. */
export function recordRoutes(app: FastifyInstance, sandbox: Sandbox): void {
  app.get("/_sandbox/requests", async () => ({ requests: sandbox.requests.all() }));
  app.delete("/_sandbox/requests", async (_request, reply) => {
    sandbox.requests.clear();
    return reply.code(204).send();
  });
  app.get("/_sandbox/subscriptions", async () => ({ subscriptions: sandbox.subscriptions.all().map(shown) }));
  app.get("/_sandbox/webhook-deliveries", async () => ({
    deliveries: sandbox.sender.attempts(),
    pending: sandbox.sender.pending(),
  }));
  app.get("/_sandbox/tokens", async () => ({ reused: sandbox.tokens.reused }));
  app.put("/_sandbox/pages", async (request) => {
    const { documents, samples } = checkedBody(PagesBody, controlBody(request));
    sandbox.pageSize = {
      documents: documents ?? sandbox.pageSize.documents,
      samples: samples ?? sandbox.pageSize.samples,
    };
    return sandbox.pageSize;
  });
  app.post("/_sandbox/reset", async (_request, reply) => {
    sandbox.reset();
    return reply.code(204).send();
  });
}

function change(person: Person, request: FastifyRequest): void {
  const { scopes, membership, ...profile } = checkedBody(PersonBody, controlBody(request));
  const given = Object.fromEntries(Object.entries(profile).filter(([, value]) => value !== undefined));
  Object.assign(person.profile, given);
  person.scopes = scopes ?? person.scopes;
  person.hasMembership = membership ?? person.hasMembership;
}

function requireUser({ people }: Sandbox, request: FastifyRequest): Person {
  const id = param(request, "id");
  const person = people.find(id);
  if (person === undefined)
    throw controlRefusal(404, `No sandbox user ${id}; POST /_sandbox/oura/users makes one`);
  return person;
}

function collectionNamed(name: string): Collection {
  const found = collections.get(name);
  if (found !== undefined) return found;
  throw controlRefusal(404, `No collection "${name}"; there are ${[...collections.keys()].join(", ")}`);
}

function timesOf(request: FastifyRequest): Times {
  const notify = query(request, "notify") ?? "true";
  if (notify === "false") return 0;
  if (notify === "true") return 1;
  if (notify === "twice") return 2;
  throw controlRefusal(400, 'notify must be "true", "false" or "twice"');
}

const shownPerson = ({ id, profile, scopes, hasMembership, documents }: Person): object => ({
  user_id: id,
  ...profile,
  scopes,
  membership: hasMembership,
  stored: Object.fromEntries([...documents].map(([name, kept]) => [name, kept.size])),
});
