/** A person's data: lists in pages, and single documents. */
import type { FastifyInstance, FastifyRequest } from "fastify";
import { isDate } from "../../kit/clock.ts";
import { param, query } from "../../kit/http.ts";
import { listOf, type Member, members, withoutKeys } from "../../kit/raw-json.ts";
import { type Collection, collections } from "../collections.ts";
import { invalid, notFound, refusal, tooMany } from "../refusal.ts";
import type { Sandbox } from "../sandbox.ts";
import { type Document, inOrderOfTime, type Person } from "../state.ts";
import type { Granted } from "../tokens.ts";

const root = "/v2/usercollection";
const dayMs = 86_400_000;
/** "At most 30 days a call", for samples. */
const mostDaysOfSamples = 30;

export function collectionRoutes(app: FastifyInstance, sandbox: Sandbox): void {
  app.get(`${root}/personal_info`, async (request) => {
    const { person, granted } = requirePerson(sandbox, request);
    const { age, weight, height, biological_sex, email } = person.profile;
    const personal = granted.scopes.includes("personal");
    return {
      id: person.id,
      age: personal ? age : null,
      weight: personal ? weight : null,
      height: personal ? height : null,
      biological_sex: personal ? biological_sex : null,
      email: granted.scopes.includes("email") ? email : null,
    };
  });

  app.get(`${root}/:collection`, async (request, reply) => {
    const { person, collection } = requireCollection(sandbox, request);
    const all = inOrderOfTime(person, collection.name);
    const found =
      collection.query === "times" && query(request, "latest") === "true"
        ? all.slice(-1)
        : all.filter(filterOf(sandbox, request, collection));
    const { documents, next } = pageOf(sandbox, request, { person, collection, found });
    const list = listOf(documents.map(({ raw }) => onlyFields(raw, query(request, "fields"))));
    const text = `{"data":${list},"next_token":${JSON.stringify(next)}}`;
    return reply.type("application/json").send(text);
  });

  app.get(`${root}/:collection/:id`, async (request, reply) => {
    const { person, collection } = requireCollection(sandbox, request);
    if (collection.query === "times") throw notFound();
    const found = person.documents.get(collection.name)?.get(param(request, "id"));
    if (found === undefined) throw notFound();
    return reply.type("application/json").send(found.raw);
  });
}

interface Caller {
  readonly person: Person;
  readonly granted: Granted;
}

function requirePerson(sandbox: Sandbox, request: FastifyRequest): Caller {
  const token = /^bearer (.+)$/i.exec(request.headers.authorization ?? "")?.[1] ?? "";
  const granted = sandbox.tokens.grantedBy(token);
  const person = granted && sandbox.people.find(granted.userId);
  if (!granted || !person) throw refusal(401, "Unauthorized");
  const wait = sandbox.rateLimit.count(token);
  if (wait !== null) throw tooMany(wait, sandbox.place.clock.now());
  if (!person.hasMembership) throw refusal(403, "Forbidden");
  return { person, granted };
}

function requireCollection(sandbox: Sandbox, request: FastifyRequest) {
  const { person, granted } = requirePerson(sandbox, request);
  // Names are compared as they are: the collection is vO2_max, although webhooks call it vo2_max.
  const collection = collections.get(param(request, "collection"));
  if (collection === undefined) throw refusal(404, "Not Found");
  if (!granted.scopes.includes(collection.scope))
    throw refusal(403, `The token has no scope ${collection.scope}`);
  return { person, collection };
}

const timePattern = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)?$/;

/** Reads a parameter: a date alone means its midnight. Without one, the default. */
function timeIn(request: FastifyRequest, name: string, usual: string): string {
  const given = query(request, name);
  if (given === undefined) return usual;
  const isDay: boolean = isDate(given);
  if (isDay) return `${given}T00:00:00`;
  if (!timePattern.test(given)) throw invalid(["query", name], "Input should be a valid date", given);
  return given.slice(0, 19);
}

/** Documents are found by a time of their own, on the wall clock, and samples by their instant in UTC. */
function filterOf(
  { place: { clock } }: Sandbox,
  request: FastifyRequest,
  collection: Collection,
): (document: Document) => boolean {
  if (collection.query === "none") return () => true;
  const [first, last] =
    collection.query === "times" ? ["start_datetime", "end_datetime"] : ["start_date", "end_date"];
  const now = clock.now();
  const from = timeIn(request, first ?? "", new Date(now - dayMs).toISOString().slice(0, 19));
  const to = timeIn(request, last ?? "", new Date(now).toISOString().slice(0, 19));
  if (from > to)
    throw invalid(["query", "start_date"], "Start date must be before end date", from.slice(0, 10));
  const days = (Date.parse(`${to}Z`) - Date.parse(`${from}Z`)) / dayMs;
  if (collection.query === "times" && days > mostDaysOfSamples)
    throw refusal(400, "The range must not be longer than 30 days");
  return ({ time }) => from <= time && time <= to;
}

/** Which fields are "always returned" is not documented; those that tell a document apart are. */
const alwaysReturned: ReadonlySet<string> = new Set(["id", "day", "timestamp"]);

/** Leaves the wanted fields in a document, as they were written. */
function onlyFields(raw: string, wanted: string | undefined): string {
  if (wanted === undefined) return raw;
  const names = wanted.split(",").map((name) => name.trim());
  const isLeftOut = ({ key }: Member) => !alwaysReturned.has(key) && !names.includes(key);
  return withoutKeys(
    raw,
    new Set(
      members(raw)
        .filter(isLeftOut)
        .map(({ key }) => key),
    ),
  );
}

interface Found {
  readonly person: Person;
  readonly collection: Collection;
  readonly found: readonly Document[];
}

const tokenOf = (place: number): string => Buffer.from(String(place)).toString("base64url");

/** A token is the place of the next document, with the query that it belongs to. */
function pageOf(
  { pageSize, pageFault }: Sandbox,
  request: FastifyRequest,
  { person, collection, found }: Found,
): { documents: readonly Document[]; next: string | null } {
  const token = query(request, "next_token");
  const start = token === undefined ? 0 : Number(Buffer.from(token, "base64url").toString("utf8"));
  if (!Number.isSafeInteger(start) || start < 0) throw refusal(400, "Invalid next_token");
  const size = collection.query === "times" ? pageSize.samples : pageSize.documents;
  const end = start + size;
  const isFaulty =
    pageFault?.userId === person.id && (pageFault.collection ?? collection.name) === collection.name;
  if (isFaulty && pageFault.pages === "endless")
    return { documents: found.slice(start, end), next: tokenOf(end) };
  if (isFaulty && found.length > 0) return { documents: found.slice(0, size), next: tokenOf(1) };
  return { documents: found.slice(start, end), next: end < found.length ? tokenOf(end) : null };
}
