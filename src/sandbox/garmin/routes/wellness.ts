/** Days, nights, and what was measured through them. */
import type { FastifyInstance } from "fastify";
import { listOf, memberValue } from "../../kit/raw-json.ts";
import { emptyDay, emptyHeartRate, emptySleep, emptySpo2 } from "../empty.ts";
import { requirePerson } from "../gate.ts";
import type { Sandbox } from "../sandbox.ts";
import { bodiesBetween, bodyOf, type Person } from "../state.ts";
import type { ResourceName } from "../stored.ts";
import { dayInPath, dayInQuery, type Longest, rangeInPath, rangeInQuery, sendJson } from "./asked.ts";

interface OfDay {
  readonly url: string;
  readonly resource: ResourceName;
  /** The parameter with the day; in the path without one. */
  readonly parameter?: string;
  /** The answer for a day of which nothing is stored; 204 without it. */
  readonly empty?: (person: Person, day: string) => object;
}

const days: readonly OfDay[] = [
  {
    url: "/usersummary-service/usersummary/daily",
    resource: "daily-summary",
    parameter: "calendarDate",
    empty: emptyDay,
  },
  {
    url: "/wellness-service/wellness/dailyHeartRate",
    resource: "heart-rate",
    parameter: "date",
    empty: emptyHeartRate,
  },
  { url: "/wellness-service/wellness/daily/spo2acclimation/:day", resource: "spo2", empty: emptySpo2 },
  { url: "/hrv-service/hrv/:day", resource: "hrv" },
  { url: "/sleep-service/sleep/dailySleep", resource: "sleep", parameter: "date", empty: emptySleep },
];

interface OfRange {
  readonly url: string;
  readonly resource: ResourceName;
  readonly longest: Longest;
  readonly in: "path" | "query";
  /** Writes the answer around the bodies. */
  readonly around?: (list: string) => string;
}

const ranges: readonly OfRange[] = [
  {
    url: "/usersummary-service/v2/dailysummaries",
    resource: "daily-summary-v2",
    // Documented as a year, seen to fail beyond ninety days.
    longest: { days: 90, status: 500 },
    in: "query",
    around: (list) => `{"data":${list}}`,
  },
  {
    url: "/usersummary-service/stats/steps/daily/:from/:to",
    resource: "steps",
    longest: { days: 28, status: 400 },
    in: "path",
  },
  {
    url: "/usersummary-service/stats/stress/daily/:from/:to",
    resource: "stress",
    longest: { days: 28, status: 400 },
    in: "path",
  },
  {
    url: "/wellness-service/wellness/bodyBattery/reports/daily",
    resource: "body-battery",
    longest: { days: 31, status: 400 },
    in: "query",
  },
  {
    url: "/sleep-service/sleep/dailySleepSummariesByDate",
    resource: "sleep",
    longest: { days: 31, status: 400 },
    in: "query",
  },
];

export function wellnessRoutes(app: FastifyInstance, sandbox: Sandbox): void {
  for (const { url, resource, parameter, empty } of days)
    app.get(url, async (request, reply) => {
      const person = requirePerson(sandbox, request);
      const day = parameter === undefined ? dayInPath(request) : dayInQuery(request, parameter);
      const text = bodyOf(person, resource, day);
      if (text !== undefined) return sendJson(reply, text);
      return empty === undefined ? reply.code(204).send() : empty(person, day);
    });

  for (const { url, resource, longest, in: where, around } of ranges)
    app.get(url, async (request, reply) => {
      const person = requirePerson(sandbox, request);
      const { from, to } = (where === "path" ? rangeInPath : rangeInQuery)(request, longest);
      const list = listOf(bodiesBetween(person, resource, from, to));
      return sendJson(reply, around === undefined ? list : around(list));
    });

  app.get("/hrv-service/hrv/daily/:from/:to", async (request, reply) => {
    const person = requirePerson(sandbox, request);
    const { from, to } = rangeInPath(request, { days: 365, status: 400 });
    const nights = bodiesBetween(person, "hrv", from, to).map((text) => memberValue(text, "hrvSummary"));
    const summaries = nights.filter((text) => text !== undefined);
    return sendJson(reply, `{"hrvSummaries":${listOf(summaries)},"userProfilePk":${person.id}}`);
  });

  app.get("/wellnessactivity-service/activity/summary/range/:from/:to", async (request, reply) => {
    const person = requirePerson(sandbox, request);
    const { from, to } = rangeInPath(request, { days: 31, status: 400 });
    const all = [...(person.bodies.get("wellness-activities")?.values() ?? [])];
    const isInside = (text: string) => {
      const { calendarDate: day } = JSON.parse(text) as { calendarDate: string };
      return from <= day && day <= to;
    };
    return sendJson(reply, listOf(all.filter(isInside)));
  });
}
