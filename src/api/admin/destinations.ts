/** Where events go. */
import type { FastifyRequest } from "fastify";
import { z } from "zod";
import { changeDestination } from "../../delivery/activation.ts";
import type { Destination } from "../../destinations/destination.ts";
import { parseSettings } from "../../destinations/settings.ts";
import { SystoleError } from "../../errors.ts";
import { eventTypes } from "../../models/index.ts";
import {
  createDestination,
  type DestinationId,
  type DestinationSettings,
  deleteDestination,
  findDestination,
  listDestinations,
  type StoredDestination,
} from "../../store/destinations.ts";
import { environmentIdOf } from "../auth.ts";
import { type Api, jsonSchema } from "../schema.ts";
import type { ApiServices } from "../services.ts";
import { checkRoute } from "./destination-check.ts";
import { mergeSettings, shownSettings } from "./masking.ts";
import { id, idParams, iso, time } from "./parameters.ts";

const tags = ["Admin: destinations"];
const settings = z.record(z.string(), z.unknown());
const types = z.array(z.enum(eventTypes as [string, ...string[]])).min(1);

const shown = z.object({
  id,
  kind: z.string(),
  settings: settings.describe("Secrets are masked"),
  event_types: z.array(z.string()).nullable().describe("Null takes every type"),
  active: z.boolean(),
  disabled_code: z.string().nullable().describe("Why Systole switched it off"),
  revision: z.int(),
  created_at: time,
  updated_at: time,
});

export function destinationRoutes(app: Api, services: ApiServices): void {
  listKinds(app, services);
  listRoute(app, services);
  createRoute(app, services);
  getRoute(app, services);
  changeRoute(app, services);
  deleteRoute(app, services);
  checkRoute(app, services);
}

function listKinds(app: Api, { destinations }: ApiServices): void {
  const kind = z.object({ kind: z.string(), name: z.string(), settings: settings.describe("JSON Schema") });
  const schema = {
    tags,
    summary: "Kinds of destinations",
    response: { 200: z.object({ data: z.array(kind) }) },
  };
  app.get("/destinations/kinds", { schema }, async () => {
    const kinds = await Promise.all(destinations.kinds.map((name) => destinations.load(name)));
    const data = kinds.map((loaded) => ({
      kind: loaded.kind,
      name: loaded.displayName,
      settings: jsonSchema(loaded.settings),
    }));
    return { data };
  });
}

function listRoute(app: Api, services: ApiServices): void {
  const { db, keyRing } = services.store;
  const schema = {
    tags,
    summary: "Every destination",
    response: { 200: z.object({ data: z.array(shown) }) },
  };
  app.get("/destinations", { schema }, async (request) => {
    const kept = await listDestinations(db, keyRing, environmentIdOf(request));
    return { data: await Promise.all(kept.map((destination) => show(services, destination))) };
  });
}

function createRoute(app: Api, services: ApiServices): void {
  const { store, destinations } = services;
  const schema = {
    tags,
    summary: "Make a destination",
    description: "A secret that Systole issues is in this answer and in no later one.",
    body: z.object({
      kind: z.string(),
      settings,
      event_types: types.nullish(),
      active: z.boolean().default(true),
    }),
    response: { 201: shown.extend({ secret: z.string().optional() }) },
  };
  app.post("/destinations", { schema }, async (request, reply) => {
    const { kind, settings: given, event_types: wanted, active } = request.body;
    const destination = await destinations.load(kind);
    const issued = destination.issueSecrets?.(given);
    const made = { kind, settings: (issued?.settings ?? given) as DestinationSettings };
    await assertUsable(services, destination, made.settings);
    const row = { ...made, eventTypes: wanted ?? null, active };
    const kept = await createDestination(store.db, store.keyRing, environmentIdOf(request), row);
    const answer = await show(services, kept);
    return reply.code(201).send(issued === undefined ? answer : { ...answer, secret: issued.secret });
  });
}

function getRoute(app: Api, services: ApiServices): void {
  const schema = { tags, summary: "One destination", params: idParams, response: { 200: shown } };
  app.get("/destinations/:id", { schema }, async (request) =>
    show(services, await found(services, idOf(request, request.params.id))),
  );
}

function changeRoute(app: Api, services: ApiServices): void {
  const schema = {
    tags,
    summary: "Change a destination",
    description:
      "Settings are laid over those kept: null takes one away, a masked value keeps what is stored.",
    params: idParams,
    body: z.object({
      settings: settings.optional(),
      event_types: types.nullish(),
      active: z.boolean().optional(),
    }),
    response: { 200: shown },
  };
  app.patch("/destinations/:id", { schema }, async (request) => {
    const target = idOf(request, request.params.id);
    const kept = await found(services, target);
    const { settings: given, event_types: wanted, active } = request.body;
    const merged = given && mergeSettings(kept.settings, given);
    if (merged) await assertUsable(services, await services.destinations.load(kept.kind), merged);
    const change = { settings: merged, eventTypes: wanted, active };
    const changed = await changeDestination(services.store, target, change);
    return show(services, changed ?? notFound(target));
  });
}

function deleteRoute(app: Api, { store }: ApiServices): void {
  const schema = {
    tags,
    summary: "Take a destination away, with what it was still to be sent",
    params: idParams,
  };
  app.delete("/destinations/:id", { schema }, async (request, reply) => {
    const target = idOf(request, request.params.id);
    const gone = await store.db.transaction().execute((tx) => deleteDestination(tx, target));
    if (!gone) notFound(target);
    return reply.code(204).send();
  });
}

/** Settings that could never work are refused while somebody is there to correct them. */
async function assertUsable(
  { destinations }: ApiServices,
  destination: Destination,
  given: DestinationSettings,
): Promise<void> {
  const sender = destination.connect(parseSettings(destination, given), destinations.context);
  await sender.close();
}

async function show({ destinations }: ApiServices, kept: StoredDestination) {
  const { settings: schema } = await destinations.load(kept.kind);
  return {
    id: kept.destination_id,
    kind: kept.kind,
    settings: shownSettings(schema, kept.settings),
    event_types: kept.event_types,
    active: kept.active,
    disabled_code: kept.disabled_code,
    revision: kept.revision,
    created_at: iso(kept.created_at),
    updated_at: iso(kept.updated_at),
  };
}

const idOf = (request: FastifyRequest, destinationId: string): DestinationId => ({
  environmentId: environmentIdOf(request),
  destinationId,
});

async function found({ store }: ApiServices, target: DestinationId): Promise<StoredDestination> {
  return (await findDestination(store.db, store.keyRing, target)) ?? notFound(target);
}

function notFound({ destinationId }: DestinationId): never {
  throw new SystoleError("RESOURCE_NOT_FOUND", { destination_id: destinationId });
}
