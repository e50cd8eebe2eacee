/** Routes that send events again. */
import { z } from "zod";
import { replayEvents } from "../../delivery/replay.ts";
import { replayDelivery } from "../../delivery/replay-dead-letters.ts";
import { SystoleError } from "../../errors.ts";
import { findDelivered } from "../../store/replays.ts";
import { environmentIdOf } from "../auth.ts";
import type { Api } from "../schema.ts";
import type { ApiServices } from "../services.ts";
import { noteChange } from "./auditing.ts";
import { id, idParams, instant } from "./parameters.ts";
import {
  assertReplayable,
  counts,
  dryRun,
  next,
  parts,
  showCounts,
  statusOf,
  whileCallerWaits,
} from "./replay-answers.ts";

const tags = ["Admin: replay"];
const outcomes = ["pending", "delivered", "dead", "cancelled", "none"] as const;
const mostIds = 10_000;

const to = {
  destination_id: id.optional().describe("When absent: every active destination that takes the type"),
};

export function replayRoutes(app: Api, services: ApiServices): void {
  replayOne(app, services);
  replayMany(app, services);
  replayDelivered(app, services);
}

function replayOne(app: Api, services: ApiServices): void {
  const answer = z.object({ events: z.int(), ...counts });
  const schema = {
    tags,
    summary: "Send an event again, with the same ids and bytes",
    params: idParams,
    body: z.object({ ...to, ...dryRun }).nullish(),
    response: { 200: answer, 202: answer },
  };
  app.post("/events/:id/replay", { schema }, async (request, reply) => {
    const environmentId = environmentIdOf(request);
    const { destination_id: destinationId, dry_run: dry = false } = request.body ?? {};
    await assertReplayable(services, environmentId, destinationId);
    const eventIds = [request.params.id];
    const wanted = { environmentId, destinationId, eventIds, dryRun: dry };
    const result = await replayEvents(services.store, wanted);
    if (result.matched === 0) throw new SystoleError("RESOURCE_NOT_FOUND", { event_id: request.params.id });
    const shown = { events: result.matched, ...showCounts(result, dry) };
    noteChange(request, { after: shown });
    return reply.code(statusOf(dry)).send(shown);
  });
}

const rangeOrIds = z
  .object({
    ...to,
    since: instant.optional(),
    until: instant.optional(),
    event_ids: z.array(id).min(1).max(mostIds).optional(),
    types: z.array(z.string()).min(1).optional(),
    user_id: id.optional(),
    reference_id: z.string().optional(),
    outcome: z
      .enum(outcomes)
      .optional()
      .describe(
        "Only to destinations where the event's last delivery is in this state; `none`: it was never meant for them",
      ),
    ...parts,
    ...dryRun,
  })
  .refine(({ since, until, event_ids }) => event_ids !== undefined || (since && until) !== undefined, {
    message: "needed, with until, unless there are event_ids",
    path: ["since"],
  });

function replayMany(app: Api, services: ApiServices): void {
  const records = z.int().describe("In the bodies of these events; a record that changed is in several");
  const answer = z.object({ events: z.int(), records, ...counts, ...next });
  const schema = {
    tags,
    summary: "Send the events of a time range again, or the named ones",
    description:
      "Planned in parts while the caller waits; one who leaves ends it with the part under way. Split a long one with `limit` and `after`.",
    body: rangeOrIds,
    response: { 200: answer, 202: answer },
  };
  app.post("/events/replay", { schema }, async (request, reply) => {
    const { destination_id: destinationId, event_ids: eventIds, ...asked } = request.body;
    const { since, until, types, outcome, user_id: userId, reference_id: referenceId } = asked;
    await assertReplayable(services, environmentIdOf(request), destinationId);
    const wanted = { since, until, eventIds, types, userId, referenceId, outcome, destinationId };
    const result = await whileCallerWaits(request, reply, asked, (run) =>
      replayEvents(services.store, { ...wanted, ...run }),
    );
    const { matched: events, records, next: goOn } = result;
    const shown = { events, records, ...showCounts(result, asked.dry_run), next: goOn };
    noteChange(request, {
      after: { ...shown, of: { ...asked, destination_id: destinationId, named: eventIds?.length } },
    });
    return reply.code(statusOf(asked.dry_run)).send(shown);
  });
}

function replayDelivered(app: Api, services: ApiServices): void {
  const { store } = services;
  const answer = z.object(counts);
  const schema = {
    tags,
    summary: "Send a delivery's event to its destination again, in any state",
    params: idParams,
    body: z.object(dryRun).nullish(),
    response: { 200: answer, 202: answer },
  };
  app.post("/deliveries/:id/replay", { schema }, async (request, reply) => {
    const environmentId = environmentIdOf(request);
    const dry = request.body?.dry_run ?? false;
    const delivery = await findDelivered(store.db, environmentId, request.params.id);
    if (delivery === null) throw new SystoleError("RESOURCE_NOT_FOUND", { delivery_id: request.params.id });
    await assertReplayable(services, environmentId, delivery.destination_id);
    const result = await replayDelivery(store, { environmentId, dryRun: dry }, delivery);
    const shown = showCounts(result, dry);
    noteChange(request, { after: shown });
    return reply.code(statusOf(dry)).send(shown);
  });
}
