import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { addDays, addMonths, datesBetween } from "../../kit/clock.ts";
import { listOf } from "../../kit/raw-json.ts";
import { requirePerson } from "../auth.ts";
import { badRequest, dateParam, param, sendJson } from "../http.ts";
import type { Sandbox } from "../sandbox.ts";
import { itemOf } from "../state.ts";
import { LIST_DAYS, type Range, requiredRange } from "../windows.ts";

/** The longest range. The periods reach half a year; beyond that there are only sentinels. */
const LONGEST_DAYS = 366;

/**
 * Routes of cardio load. They always answer with arrays with every day of the range; a day without a value has Polar's
 * sentinels.
 */
export function cardioLoadRoutes(app: FastifyInstance, sandbox: Sandbox): void {
  const answer = (request: FastifyRequest, reply: FastifyReply, range: () => Range) => {
    const person = requirePerson(sandbox, request);
    const { from, to } = range();
    const days = datesBetween(from, to).map(
      (date) => itemOf(person, "cardio-load", date)?.raw ?? unavailable(date),
    );
    return sendJson(reply, listOf(days));
  };
  const upToToday = (from: (today: string) => string): Range => {
    const today = sandbox.clock.today();
    return { from: from(today), to: today };
  };

  app.get("/v3/users/cardio-load", async (request, reply) =>
    answer(request, reply, () => upToToday((today) => addDays(today, -LIST_DAYS))),
  );
  app.get("/v3/users/cardio-load/:date", async (request, reply) =>
    answer(request, reply, () => ({ from: dateParam(request), to: dateParam(request) })),
  );
  app.get("/v3/users/cardio-load/date", async (request, reply) =>
    answer(request, reply, () => requiredRange(request, LONGEST_DAYS)),
  );
  app.get("/v3/users/cardio-load/period/days/:count", async (request, reply) =>
    answer(request, reply, () => upToToday((today) => addDays(today, -count(request, 180)))),
  );
  app.get("/v3/users/cardio-load/period/months/:count", async (request, reply) =>
    answer(request, reply, () => upToToday((today) => addMonths(today, -count(request, 6)))),
  );
}

function count(request: FastifyRequest, most: number): number {
  const text = param(request, "count");
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < 1 || value > most) throw badRequest(`The period must be 1 to ${most}`);
  return value;
}

function unavailable(date: string): string {
  const level = '{"very_low":0.0,"low":0.0,"medium":0.0,"high":0.0,"very_high":0.0}';
  return (
    `{"cardio_load_level":${level},"date":"${date}","cardio_load_status":"LOAD_STATUS_NOT_AVAILABLE",` +
    '"cardio_load_ratio":-1.0,"cardio_load":-1.0,"strain":0.0,"tolerance":-1.0}'
  );
}
