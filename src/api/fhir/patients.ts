/** Patients: one, those of an identifier, everybody of the environment, and everything about one. */
import type { FastifyRequest } from "fastify";
import { z } from "zod";
import type { Served } from "../../export/fhir/served.ts";
import { systemsOf } from "../../export/fhir/systems.ts";
import { dataTypes } from "../../models/index.ts";
import type { RecordsWanted } from "../../requests/record-pages.ts";
import { readServedPatient } from "../../requests/served-patient.ts";
import { readServedDevices } from "../../requests/served-resource.ts";
import {
  type Connection,
  countConnections,
  findByReference,
  findConnection,
  listConnectionsAfter,
} from "../../store/connections.ts";
import { isUuid } from "../../store/identifiers.ts";
import { environmentIdOf } from "../auth.ts";
import { fieldInvalid } from "../field-invalid.ts";
import type { Api } from "../schema.ts";
import type { ApiServices } from "../services.ts";
import { connectionOf } from "../v2/connection-of.ts";
import { pageParameter, pageQuery, searchset } from "./page.ts";
import { readingFor } from "./reading.ts";
import { answerResources, firstDay, lastDay } from "./resources.ts";

const tags = ["FHIR"];
const params = z.object({ id: z.string() });

export function patientRoutes(app: Api, services: ApiServices): void {
  const { db } = services.store;
  const read = { tags, summary: "A Patient", params, hide: true };
  app.get("/Patient/:id", { schema: read }, async (request) => {
    const connection = await connectionOf(db, environmentIdOf(request), request.params.id);
    return readServedPatient(readingFor(services, request), connection);
  });
  searchRoute(app, services);
  everythingRoute(app, services);
}

function searchRoute(app: Api, services: ApiServices): void {
  const querystring = z.strictObject({ identifier: z.string().max(1_024).optional(), ...pageQuery });
  const schema = { tags, summary: "Patients", querystring, hide: true };
  app.get("/Patient", { schema }, async (request) => {
    const { identifier, _count: perPage, _page } = request.query;
    const page = { after: placeOf(_page), limit: perPage + 1 };
    const { total, connections: found } =
      identifier === undefined
        ? await everybody(services, environmentIdOf(request), page)
        : await identified(services, environmentIdOf(request), identifier, page);
    const connections = found.slice(0, perPage);
    const reading = readingFor(services, request);
    const resources: Served[] = [];
    for (const connection of connections) resources.push(await readServedPatient(reading, connection));
    const next = found.length > perPage ? (connections.at(-1)?.user_id ?? null) : null;
    return searchset({ publicUrl: services.publicUrl, request, resources, next, total });
  });
}

/** Patients are in the order of their ids. */
interface PageOf {
  /** The user_id of the last Patient before; null on the first page. */
  readonly after: string | null;
  readonly limit: number;
}

interface Found {
  readonly total: number;
  /** Those after the place, up to the limit. */
  readonly connections: readonly Connection[];
}

/** @throws SystoleError REQUEST_INVALID */
function placeOf(given: string | undefined): string | null {
  if (given !== undefined && !isUuid(given)) throw fieldInvalid("query", ...pageParameter);
  return given ?? null;
}

async function everybody(
  { store: { db } }: ApiServices,
  environmentId: string,
  page: PageOf,
): Promise<Found> {
  const [total, connections] = await Promise.all([
    countConnections(db, environmentId),
    listConnectionsAfter(db, environmentId, page),
  ]);
  return { total, connections };
}

/** Without a system, the value may be either identifier. */
async function identified(
  { store: { db }, exports }: ApiServices,
  environmentId: string,
  identifier: string,
  { after, limit }: PageOf,
): Promise<Found> {
  const systems = systemsOf(exports.fhirBase);
  const bar = identifier.indexOf("|");
  const system = bar < 0 ? null : identifier.slice(0, bar);
  const value = identifier.slice(bar + 1);
  const isOf = (one: string): boolean => system === null || system === one;
  const byId =
    isOf(systems.person) && isUuid(value) ? await findConnection(db, { environmentId, userId: value }) : null;
  const byReference =
    isOf(systems.reference) && value !== "" ? await findByReference(db, environmentId, value) : [];
  const all = new Map(
    [...(byId === null ? [] : [byId]), ...byReference].map((one) => [one.user_id, one] as const),
  );
  const connections = [...all.values()]
    .filter(({ user_id: id }) => after === null || id > after)
    .toSorted((one, other) => (one.user_id < other.user_id ? -1 : 1));
  return { total: all.size, connections: connections.slice(0, limit) };
}

const day = z.iso.date().optional();

function everythingRoute(app: Api, services: ApiServices): void {
  const querystring = z.strictObject({ start: day, end: day, ...pageQuery });
  const schema = { tags, summary: "Everything about a Patient", params, querystring, hide: true };
  app.get("/Patient/:id/$everything", { schema }, async (request: FastifyRequest & EverythingRequest) => {
    const connection = await connectionOf(services.store.db, environmentIdOf(request), request.params.id);
    const { _count: count, _page: page } = request.query;
    const reading = readingFor(services, request);
    return answerResources(services, request, connection, {
      before: async () => ({
        resources: [await readServedPatient(reading, connection)],
        included: await readServedDevices(reading, connection),
      }),
      page,
      count,
      days: startsWithin(request.query),
      isWanted: ({ resourceType }) => resourceType === "Observation",
    });
  });
}

interface EverythingRequest {
  readonly params: { readonly id: string };
  readonly query: Within & { readonly _count: number; readonly _page?: string | undefined };
}

interface Within {
  readonly start?: string | undefined;
  readonly end?: string | undefined;
}

/** All records that start on these days, by their own clocks, as with the dates of /v2. */
function startsWithin({ start, end }: Within): RecordsWanted["days"] {
  if (start === undefined && end === undefined) return null;
  return { types: dataTypes, span: { from: start ?? firstDay, to: end ?? lastDay }, by: "start" };
}
