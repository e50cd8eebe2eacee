/** Activities: the search, one of them, the workouts that it followed, and its original file. */
import type { FastifyInstance, FastifyRequest } from "fastify";
import { isDate } from "../../kit/clock.ts";
import { param, query } from "../../kit/http.ts";
import { listOf } from "../../kit/raw-json.ts";
import { requirePerson } from "../gate.ts";
import { refusal } from "../refusal.ts";
import type { PageFault, Sandbox } from "../sandbox.ts";
import { bodyOf, type Person } from "../state.ts";
import { sendJson } from "./asked.ts";

/** The server's own page size, which it cannot serve itself. */
const usualLimit = 99;
const longestPage = 45;
const zip = "application/x-zip-compressed";

export function activityRoutes(app: FastifyInstance, sandbox: Sandbox): void {
  app.get("/activitylist-service/activities/search/activities", async (request, reply) => {
    const person = requirePerson(sandbox, request);
    const start = numberIn(request, "start", 0);
    const limit = numberIn(request, "limit", usualLimit);
    if (limit > longestPage) throw refusal(500);
    const found = foundBy(person, request).map(({ text }) => text);
    return sendJson(reply, listOf(pageOf(found, { start, limit }, faultOf(sandbox, person))));
  });

  app.get("/activity-service/activity/:id", async (request, reply) => {
    const text = bodyOf(requirePerson(sandbox, request), "activity", param(request, "id"));
    if (text === undefined) throw refusal(404);
    return sendJson(reply, text);
  });

  app.get("/activity-service/activity/:id/workouts", async (request, reply) => {
    const person = requirePerson(sandbox, request);
    if (bodyOf(person, "activity", param(request, "id")) === undefined) throw refusal(404);
    return sendJson(reply, bodyOf(person, "activity-workouts", param(request, "id")) ?? "[]");
  });

  app.get("/download-service/files/activity/:id", async (request, reply) => {
    const person = requirePerson(sandbox, request);
    const accepted = request.headers.accept ?? "*/*";
    if (!accepted.includes(zip) && !accepted.includes("*/*")) throw refusal(406);
    const file = person.files.get(param(request, "id"));
    if (file === undefined) throw refusal(404);
    return reply.type(zip).send(file());
  });
}

function numberIn(request: FastifyRequest, name: string, usual: number): number {
  const given = Number(query(request, name) ?? usual);
  if (!Number.isSafeInteger(given) || given < 0) throw refusal(400);
  return given;
}

function faultOf({ pageFault }: Sandbox, { id }: Person): PageFault | null {
  const isTheirs = pageFault?.userId === undefined || pageFault.userId === id;
  return pageFault !== null && isTheirs ? pageFault.pages : null;
}

interface Found {
  readonly text: string;
  readonly start: string;
  readonly id: number;
}

/** The newest first. A day is that of the person's clock where the activity began, and both ends are included. */
function foundBy(person: Person, request: FastifyRequest): Found[] {
  const [from, to] = ["startDate", "endDate"].map((name) => {
    const given = query(request, name);
    if (given !== undefined && !isDate(given)) throw refusal(400);
    return given;
  });
  const type = query(request, "activityType");
  return [...(person.bodies.get("activities")?.values() ?? [])]
    .map((text) => {
      const { activityId, startTimeLocal, activityType } = JSON.parse(text);
      return { text, id: Number(activityId), start: String(startTimeLocal), type: activityType?.typeKey };
    })
    .filter(({ start }) => (from ?? "") <= start.slice(0, 10) && start.slice(0, 10) <= (to ?? "9999"))
    .filter((one) => type === undefined || one.type === type)
    .sort((a, b) => b.start.localeCompare(a.start) || b.id - a.id);
}

function pageOf(
  found: readonly string[],
  { start, limit }: { readonly start: number; readonly limit: number },
  fault: PageFault | null,
): readonly string[] {
  if (fault === null) return found.slice(start, start + limit);
  const full = Array.from({ length: limit }, (_, index) => found[index % Math.max(1, found.length)] ?? "{}");
  if (fault === "repeat") return full;
  return full.map((text, index) =>
    JSON.stringify({ ...JSON.parse(text), activityId: 9_000_000_000 + start + index }),
  );
}
