import type { FastifyInstance } from "fastify";
import { addDays } from "../../kit/clock.ts";
import { param } from "../http.ts";
import { dynamicRefusal } from "../refusal.ts";
import type { Sandbox } from "../sandbox.ts";
import type { Person } from "../state.ts";
import { sendList, sendOne } from "./answers.ts";
import type { V4Item } from "./data.ts";
import { requireScope } from "./gate.ts";
import { type Asked, askedOf } from "./query.ts";
import { type V4Resource, v4Resources, v4Singles } from "./resources.ts";
import { sportRoutes } from "./sports.ts";

const BASE = "/v4/data";
const HISTORY_MS = 90 * 86_400_000;

/** The data paths of the Dynamic API. */
export function v4DataRoutes(app: FastifyInstance, sandbox: Sandbox): void {
  for (const resource of v4Resources) rangeRoute(app, sandbox, resource);
  for (const { name, path, scope, list, outer } of v4Singles) {
    app.get(`${BASE}${path}`, async (request, reply) => {
      const person = requireScope(sandbox, request, scope);
      const items = sandbox.v4.data.of(person.id, name);
      const { switches } = sandbox.v4;
      if (list !== undefined) {
        return sendList(
          reply,
          { list },
          items.map((item) => item.body()),
          switches,
        );
      }
      if (!path.includes(":")) return sendOne(reply, outer, items[0]?.body(), switches);
      const found = items.find(({ id }) => id === param(request, "routeId"));
      if (!found) throw dynamicRefusal(404, "No data found");
      return sendOne(reply, outer, found.body(), switches);
    });
  }
  sportRoutes(app, sandbox, BASE);
  app.get(`${BASE}/hello`, async (request, reply) => {
    const { profile } = requireScope(sandbox, request, null);
    return reply.type("text/plain").send(`Hello ${profile.firstName}`);
  });
}

function rangeRoute(app: FastifyInstance, sandbox: Sandbox, resource: V4Resource): void {
  app.get(`${BASE}${resource.path}`, async (request, reply) => {
    const person = requireScope(sandbox, request, resource.scope);
    const asked = askedOf(request, resource);
    refuseBrokenDay(sandbox, resource, asked);
    const bodies = inRange(sandbox, person, resource, asked).map((item) =>
      resource.pruned(item.body(), asked.features),
    );
    return sendList(reply, resource, bodies, sandbox.v4.switches);
  });
}

/** Answers 500 for a day of Nightly Recharge with samples, as was seen once. */
function refuseBrokenDay({ v4 }: Sandbox, { name }: V4Resource, { from, to, features }: Asked): void {
  if (name !== "v4-nightly-recharge-results" || features.size === 0) return;
  if (v4.switches.broken_days.some((date) => date >= from && date < to)) {
    throw dynamicRefusal(500, "Unexpected error occurred");
  }
}

function inRange({ v4 }: Sandbox, person: Person, resource: V4Resource, { from, to }: Asked): V4Item[] {
  const spills = v4.switches.ppi_spill && resource.name === "v4-ppi-samples";
  const end = spills ? addDays(to, 1) : to;
  const oldest = oldestOf();
  return v4.data.of(person.id, resource.name).filter(({ at }) => at >= from && at < end && at >= oldest);

  function oldestOf(): string {
    const consent = v4.grants.firstConsent(person.id);
    if (v4.switches.history === "all" || consent === undefined) return "";
    return new Date(consent - HISTORY_MS).toISOString().slice(0, 10);
  }
}
