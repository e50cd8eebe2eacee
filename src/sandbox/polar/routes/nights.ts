import type { FastifyInstance, FastifyRequest } from "fastify";
import { listOf, memberValue } from "../../kit/raw-json.ts";
import { requirePerson } from "../auth.ts";
import { dateParam, notFound, sendJson } from "../http.ts";
import type { Sandbox } from "../sandbox.ts";
import { type Item, itemOf, itemsByDate } from "../state.ts";
import { isRecent, optionalRange, within } from "../windows.ts";

/**
 * Routes of sleep and nightly recharge: wrapped lists of the last 28 days, or one night by the day it ended. Sleep
 * accepts `from` and `to` as well, since clients use them.
 */
export function nightRoutes(app: FastifyInstance, sandbox: Sandbox): void {
  for (const [resource, wrapper] of [
    ["sleep", "nights"],
    ["nightly-recharge", "recharges"],
  ] as const) {
    app.get(`/v3/users/${resource}`, async (request, reply) => {
      const items = recent(sandbox, request, resource);
      const range = resource === "sleep" ? optionalRange(request, sandbox.clock.today()) : undefined;
      return sendJson(
        reply,
        `{"${wrapper}":${listOf((range ? within(items, range) : items).map((item) => item.raw))}}`,
      );
    });

    app.get(`/v3/users/${resource}/:date`, async (request, reply) => {
      const person = requirePerson(sandbox, request);
      const date = dateParam(request);
      const item = itemOf(person, resource, date);
      if (!item || !isRecent(date, sandbox.clock.today())) throw notFound(`No data found for ${date}`);
      return sendJson(reply, item.raw);
    });
  }

  app.get("/v3/users/sleep/available", async (request, reply) => {
    const nights = recent(sandbox, request, "sleep").map(({ raw }) => availableNight(raw));
    return sendJson(reply, `{"available":${listOf(nights)}}`);
  });
}

function recent(sandbox: Sandbox, request: FastifyRequest, resource: string): Item[] {
  const person = requirePerson(sandbox, request);
  const today = sandbox.clock.today();
  return itemsByDate(person, resource).filter((item) => isRecent(item.date, today));
}

function availableNight(raw: string): string {
  const value = (key: string) => memberValue(raw, key) ?? "null";
  const [start, end] = [value("sleep_start_time"), value("sleep_end_time")];
  return `{"date":${value("date")},"start_time":${start},"end_time":${end}}`;
}
