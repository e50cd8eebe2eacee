/** Routes for destinations, to which events are sent. */
import type { FastifyRequest } from "fastify";
import { z } from "zod";
import { addDestination, removeDestination } from "../../delivery/destinations.ts";
import { eventTypes } from "../../models/index.ts";
import { type DestinationId, type DestinationSettings, listDestinations } from "../../store/destinations.ts";
import { environmentIdOf } from "../auth.ts";
import { type Api, jsonSchema } from "../schema.ts";
import type { ApiServices } from "../services.ts";
import { noteChange } from "./auditing.ts";
import { assertUsable, changeFromKept, destinationMissing, foundDestination } from "./destination-change.ts";
import { checkRoute } from "./destination-check.ts";
import { formatChange, formatParameters, formatsOf } from "./destination-format.ts";
import { linkChange, linkParameters } from "./destination-link.ts";
import { destinationStatsRoute } from "./destination-stats.ts";
import { settingsObject as settings, showDestination, shownDestination } from "./destination-view.ts";
import { idParams, noContent } from "./parameters.ts";
import { changedSettings, rotationRoute } from "./secret-rotation.ts";

const tags = ["Admin: destinations"];
const types = z.array(z.enum(eventTypes as [string, ...string[]])).min(1);

export function destinationRoutes(app: Api, services: ApiServices): void {
  listKinds(app, services);
  listRoute(app, services);
  createRoute(app, services);
  getRoute(app, services);
  changeRoute(app, services);
  deleteRoute(app, services);
  rotationRoute(app, services);
  checkRoute(app, services);
  destinationStatsRoute(app, services);
}

function listKinds(app: Api, { destinations }: ApiServices): void {
  const kind = z.object({
    kind: z.string(),
    name: z.string(),
    settings: settings.describe("JSON Schema"),
    takes_links: z.boolean().describe("Whether `payload` may be `link`"),
    formats: z.array(z.string()).describe("The formats of records that it takes"),
    issues_secret: z.boolean().describe("Whether Systole makes its secret, and can rotate it"),
  });
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
      takes_links: loaded.takesLinks === true,
      formats: [...formatsOf(loaded)],
      issues_secret: loaded.issueSecrets !== undefined,
    }));
    return { data };
  });
}

function listRoute(app: Api, services: ApiServices): void {
  const { db, keyRing } = services.store;
  const schema = {
    tags,
    summary: "Every destination",
    response: { 200: z.object({ data: z.array(shownDestination) }) },
  };
  app.get("/destinations", { schema }, async (request) => {
    const kept = await listDestinations(db, keyRing, environmentIdOf(request));
    return { data: await Promise.all(kept.map((destination) => showDestination(services, destination))) };
  });
}

function createRoute(app: Api, services: ApiServices): void {
  const { store, destinations } = services;
  const schema = {
    tags,
    summary: "Make a destination",
    description: "Only this answer contains the secret that Systole issues.",
    body: z.strictObject({
      kind: z.string(),
      settings,
      event_types: types.nullish(),
      active: z.boolean().default(true),
      ...formatParameters,
      ...linkParameters,
    }),
    response: { 201: shownDestination.extend({ secret: z.string().optional() }) },
  };
  app.post("/destinations", { schema }, async (request, reply) => {
    const { kind, settings: given, event_types: wanted = null, active, ...shape } = request.body;
    const environmentId = environmentIdOf(request);
    const destination = await destinations.load(kind);
    const issued = destination.issueSecrets?.(given);
    const made = { kind, settings: (issued?.settings ?? given) as DestinationSettings };
    const row = {
      ...made,
      ...formatChange(destination, shape),
      ...(await assertUsable(services, destination, made.settings)),
      ...(await linkChange(services, environmentId, destination, shape, null)),
      eventTypes: wanted,
      active,
    };
    const kept = await addDestination(store, environmentId, row);
    const answer = await showDestination(services, kept);
    noteChange(request, { after: answer });
    return reply.code(201).send(issued === undefined ? answer : { ...answer, secret: issued.secret });
  });
}

function getRoute(app: Api, services: ApiServices): void {
  const schema = { tags, summary: "One destination", params: idParams, response: { 200: shownDestination } };
  app.get("/destinations/:id", { schema }, async (request) =>
    showDestination(services, await foundDestination(services, idOf(request, request.params.id))),
  );
}

function changeRoute(app: Api, services: ApiServices): void {
  const schema = {
    tags,
    summary: "Change a destination",
    description:
      "Settings are laid over those kept: null takes one away, a masked value keeps what is stored. What is changed holds from the next attempt on. A change of address wants the secrets again that are sent there.",
    params: idParams,
    body: z.strictObject({
      settings: settings.optional(),
      event_types: types.nullish(),
      active: z.boolean().optional(),
      ...formatParameters,
      ...linkParameters,
    }),
    response: { 200: shownDestination },
  };
  app.patch("/destinations/:id", { schema }, async (request) => {
    const target = idOf(request, request.params.id);
    const { settings: given, event_types: wanted, active, ...shape } = request.body;
    const { before, after } = await changeFromKept(services, target, async (kept) => {
      const destination = await services.destinations.load(kept.kind);
      const linked = await linkChange(services, target.environmentId, destination, shape, kept);
      const others = { ...linked, ...formatChange(destination, shape), eventTypes: wanted, active };
      if (given === undefined) return others;
      const merged = changedSettings(destination, kept.settings, given);
      return { ...others, settings: merged, ...(await assertUsable(services, destination, merged)) };
    });
    const answer = await showDestination(services, after);
    noteChange(request, { before: await showDestination(services, before), after: answer });
    return answer;
  });
}

function deleteRoute(app: Api, services: ApiServices): void {
  const { store } = services;
  const schema = {
    tags,
    summary: "Delete a destination, and cancel its pending deliveries",
    description: "Refused while other destinations store their linked bodies in it.",
    params: idParams,
    response: noContent,
  };
  app.delete("/destinations/:id", { schema }, async (request, reply) => {
    const target = idOf(request, request.params.id);
    const before = await showDestination(services, await foundDestination(services, target));
    if (!(await removeDestination(store, target))) destinationMissing(target);
    noteChange(request, { before });
    return reply.code(204).send();
  });
}

const idOf = (request: FastifyRequest, destinationId: string): DestinationId => ({
  environmentId: environmentIdOf(request),
  destinationId,
});
