import type { FastifyInstance, FastifyRequest } from "fastify";
import { listOf, memberValue, withoutKeys, withValue } from "../../kit/raw-json.ts";
import { requirePerson } from "../auth.ts";
import { asked, dateParam, noContent, sendJson } from "../http.ts";
import type { Sandbox } from "../sandbox.ts";
import { type Item, itemOf, itemsByDate, type Person } from "../state.ts";
import { isRecent, optionalRange, refuseOldActivity, within } from "../windows.ts";

const SAMPLE_KINDS = ["steps", "activity_zones", "inactivity_stamps"];

export function activityRoutes(app: FastifyInstance, sandbox: Sandbox): void {
  app.get("/v3/users/activities", async (request, reply) => {
    const items = listed(sandbox, request);
    return sendJson(reply, listOf(items.map((item) => trimmed(item.raw, request))));
  });

  app.get("/v3/users/activities/samples", async (request, reply) => {
    const samples = listed(sandbox, request).flatMap((item) => memberValue(item.raw, "samples") ?? []);
    return sendJson(reply, listOf(samples));
  });

  app.get("/v3/users/activities/:date", async (request, reply) => {
    const item = ofDate(sandbox, request);
    return item ? sendJson(reply, trimmed(item.raw, request)) : noContent(reply);
  });

  app.get("/v3/users/activities/samples/:date", async (request, reply) => {
    const item = ofDate(sandbox, request);
    const samples = item && memberValue(item.raw, "samples");
    return samples === undefined ? noContent(reply) : sendJson(reply, samples);
  });
}

/**
 * Returns the activities: without a range of the last 28 days; with one of at most 28 days, beginning at most 365 days
 * ago.
 */
function listed(sandbox: Sandbox, request: FastifyRequest): Item[] {
  const person: Person = requirePerson(sandbox, request);
  const today = sandbox.clock.today();
  const range = optionalRange(request, today);
  const items = itemsByDate(person, "activities");
  if (!range) return items.filter((item) => isRecent(item.date, today));
  refuseOldActivity(range.from, today);
  return within(items, range);
}

function ofDate(sandbox: Sandbox, request: FastifyRequest): Item | undefined {
  const person = requirePerson(sandbox, request);
  const date = dateParam(request);
  refuseOldActivity(date, sandbox.clock.today());
  return itemOf(person, "activities", date);
}

/** Returns the body with only the requested kinds of samples; without any, it has no `samples`. */
function trimmed(raw: string, request: FastifyRequest): string {
  const unasked = new Set(SAMPLE_KINDS.filter((kind) => !asked(request, kind)));
  const samples = memberValue(raw, "samples");
  if (samples === undefined) return raw;
  if (unasked.size === SAMPLE_KINDS.length) return withoutKeys(raw, new Set(["samples"]));
  if (!samples.startsWith("{")) return raw;
  const kept = withoutKeys(samples, unasked);
  return kept === samples ? raw : withValue(raw, "samples", kept);
}
