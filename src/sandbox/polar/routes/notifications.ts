import type { FastifyInstance } from "fastify";
import { requireClient } from "../auth.ts";
import { noContent, sendJson } from "../http.ts";
import type { Sandbox } from "../sandbox.ts";
import type { Person } from "../state.ts";

const WINDOW_MS = 28 * 86_400_000;

const PENDING = [
  { resource: "exercises", type: "EXERCISE", path: "exercise-transactions" },
  { resource: "activities", type: "ACTIVITY_SUMMARY", path: "activity-transactions" },
  { resource: "physical-info", type: "PHYSICAL_INFORMATION", path: "physical-information-transactions" },
];

/** Whose data of the last 28 days waits. Only a transaction would empty the list, and those are not here. */
export function notificationRoutes(app: FastifyInstance, sandbox: Sandbox): void {
  app.get("/v3/notifications", async (request, reply) => {
    requireClient(sandbox, request);
    const waiting = sandbox.people.registered().flatMap((person) => pendingOf(sandbox, person));
    if (waiting.length === 0) return noContent(reply);
    return sendJson(reply, JSON.stringify({ "available-user-data": waiting }));
  });
}

function pendingOf(sandbox: Sandbox, person: Person): object[] {
  const registered = person.registration?.sequence ?? Number.POSITIVE_INFINITY;
  const oldest = sandbox.clock.now() - WINDOW_MS;
  return PENDING.filter(({ resource }) =>
    [...(person.data.get(resource)?.values() ?? [])].some(
      (item) => item.sequence > registered && item.uploadedAt >= oldest,
    ),
  ).map(({ type, path }) => ({
    "user-id": person.id,
    "data-type": type,
    url: `${sandbox.url}/v3/users/${person.id}/${path}`,
  }));
}
