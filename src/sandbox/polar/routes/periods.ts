import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { listOf } from "../../kit/raw-json.ts";
import { requirePerson } from "../auth.ts";
import { noContent, sendJson } from "../http.ts";
import type { Sandbox } from "../sandbox.ts";
import { type Item, itemsByDate } from "../state.ts";
import { isRecent, LIST_DAYS, optionalRange, requiredRange, within } from "../windows.ts";

const SLEEPWISE = ["alertness", "circadian-bedtime"];
const BIOSENSING = ["bodytemperature", "skintemperature", "skincontacts", "ecg", "spo2"];

/** Routes of SleepWise and biosensing: bare arrays, at most 28 days, 204 when there is nothing. */
export function periodRoutes(app: FastifyInstance, sandbox: Sandbox): void {
  const recent = (items: Item[]) => items.filter((item) => isRecent(item.date, sandbox.clock.today()));

  for (const name of SLEEPWISE) {
    const resource = `sleepwise/${name}`;
    app.get(`/v3/users/${resource}`, async (request, reply) =>
      answer(reply, recent(itemsOf(sandbox, request, resource))),
    );
    app.get(`/v3/users/${resource}/date`, async (request, reply) => {
      const items = itemsOf(sandbox, request, resource);
      return answer(reply, within(items, requiredRange(request, LIST_DAYS)));
    });
  }

  for (const name of BIOSENSING) {
    const resource = `biosensing/${name}`;
    app.get(`/v3/users/${resource}`, async (request, reply) => {
      const items = itemsOf(sandbox, request, resource);
      const range = optionalRange(request, sandbox.clock.today());
      return answer(reply, range ? within(items, range) : recent(items));
    });
  }
}

function itemsOf(sandbox: Sandbox, request: FastifyRequest, resource: string): Item[] {
  return itemsByDate(requirePerson(sandbox, request), resource);
}

function answer(reply: FastifyReply, items: Item[]): FastifyReply {
  if (items.length === 0) return noContent(reply);
  return sendJson(reply, listOf(items.map((item) => item.raw)));
}
