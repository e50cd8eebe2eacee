/** What a person writes down: food, drink, their cycle. */
import type { FastifyInstance } from "fastify";
import { listOf } from "../../kit/raw-json.ts";
import { emptyFoodLog } from "../empty.ts";
import { requirePerson } from "../gate.ts";
import { refusal } from "../refusal.ts";
import type { Sandbox } from "../sandbox.ts";
import { bodiesBetween, bodyOf } from "../state.ts";
import { dayInPath, rangeInPath, sendJson } from "./asked.ts";

export function diaryRoutes(app: FastifyInstance, sandbox: Sandbox): void {
  app.get("/nutrition-service/food/logs/:day", async (request, reply) => {
    const person = requirePerson(sandbox, request);
    const day = dayInPath(request);
    if (!person.profile.food_diary) throw refusal(404);
    const text = bodyOf(person, "food-log", day);
    return text === undefined ? emptyFoodLog(day) : sendJson(reply, text);
  });

  app.get("/usersummary-service/stats/hydration/daily/:from/:to", async (request, reply) => {
    const person = requirePerson(sandbox, request);
    const { from, to } = rangeInPath(request, { days: 31, status: 400 });
    const found = person.profile.hydration ? bodiesBetween(person, "hydration", from, to) : [];
    return sendJson(reply, listOf(found));
  });

  app.get("/periodichealth-service/menstrualcycle/summary/:day", async (request, reply) => {
    const person = requirePerson(sandbox, request);
    const text = bodyOf(person, "menstrual-summary", dayInPath(request));
    if (!person.profile.menstrual_cycle || text === undefined) return reply.code(204).send();
    return sendJson(reply, text);
  });

  // For who tracks, a day without an entry is an empty object.
  app.get("/periodichealth-service/menstrualcycle/dayview/:day", async (request, reply) => {
    const person = requirePerson(sandbox, request);
    const day = dayInPath(request);
    if (!person.profile.menstrual_cycle) return reply.code(204).send();
    return sendJson(reply, bodyOf(person, "menstrual-day", day) ?? "{}");
  });
}
