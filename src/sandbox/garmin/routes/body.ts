/** Weight, the goals for it, and the age of a body. */
import type { FastifyInstance } from "fastify";
import { addDays } from "../../kit/clock.ts";
import { listOf } from "../../kit/raw-json.ts";
import { noAverage, noWeight } from "../empty.ts";
import { requirePerson } from "../gate.ts";
import { refusal } from "../refusal.ts";
import type { Sandbox } from "../sandbox.ts";
import { bodiesBetween, bodyOf, type Person } from "../state.ts";
import { single } from "../stored.ts";
import { dayInPath, type Range, rangeInPath, sendJson } from "./asked.ts";

const longest = { days: 366, status: 400 } as const;

export function bodyRoutes(app: FastifyInstance, sandbox: Sandbox): void {
  app.get("/weight-service/weight/range/:from/:to", async (request, reply) => {
    const person = requirePerson(sandbox, request);
    return sendJson(reply, weightRange(person, rangeInPath(request, longest)));
  });

  // The documentation has it, and it was always answered so.
  app.get("/weight-service/weight/all/*", async () => {
    throw refusal(400);
  });

  app.get("/goal-service/goal/user/effective/weightgoal/:from/:to", async (request, reply) => {
    const person = requirePerson(sandbox, request);
    rangeInPath(request, longest);
    return sendJson(reply, bodyOf(person, "weight-goals", single) ?? '{"userGoals":[],"userGoalRanges":[]}');
  });

  // An object, although the documentation has a list.
  app.get("/fitnessage-service/fitnessage/v2/:day", async (request, reply) => {
    const text = bodyOf(requirePerson(sandbox, request), "fitness-age", dayInPath(request));
    return text === undefined ? reply.code(204).send() : sendJson(reply, text);
  });
}

interface Weighed {
  readonly latestWeight: Readonly<Record<string, unknown>>;
}

/** The days of a range, their mean, and the weights before and after it. */
function weightRange(person: Person, { from, to }: Range): string {
  const inside = bodiesBetween(person, "weight", from, to);
  const latest = inside.map((text) => (JSON.parse(text) as Weighed).latestWeight);
  const before = bodiesBetween(person, "weight", "", addDays(from, -1)).at(-1);
  const [after] = bodiesBetween(person, "weight", addDays(to, 1), "9999");
  const neighbour = (text: string | undefined) =>
    JSON.stringify(text === undefined ? noWeight : (JSON.parse(text) as Weighed).latestWeight);
  const average = { ...noAverage({ from, to }), ...meansOf(latest) };
  return `{"dailyWeightSummaries":${listOf(inside)},"totalAverage":${JSON.stringify(average)},"previousDateWeight":${neighbour(before)},"nextDateWeight":${neighbour(after)}}`;
}

const averaged = ["weight", "bmi", "bodyFat", "bodyWater", "boneMass", "muscleMass"] as const;

function meansOf(latest: readonly Readonly<Record<string, unknown>>[]): object {
  return Object.fromEntries(
    averaged.flatMap((name) => {
      const known = latest.map((one) => one[name]).filter((value) => typeof value === "number");
      const sum = known.reduce((total, value) => total + value, 0);
      return known.length === 0 ? [] : [[name, Math.round((sum / known.length) * 10) / 10]];
    }),
  );
}
