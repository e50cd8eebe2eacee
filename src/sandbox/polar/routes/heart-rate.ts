import type { FastifyInstance } from "fastify";
import { listOf } from "../../kit/raw-json.ts";
import { requirePerson } from "../auth.ts";
import { dateParam, notFound, sendJson } from "../http.ts";
import type { Sandbox } from "../sandbox.ts";
import { itemOf, itemsByDate } from "../state.ts";
import { requiredRange, within } from "../windows.ts";

const RESOURCE = "continuous-heart-rate";

/** Routes of continuous heart rate. It has no documented window, so days of any age are served. */
export function heartRateRoutes(app: FastifyInstance, sandbox: Sandbox): void {
  app.get(`/v3/users/${RESOURCE}`, async (request, reply) => {
    const person = requirePerson(sandbox, request);
    const items = within(itemsByDate(person, RESOURCE), requiredRange(request));
    return sendJson(reply, `{"heart_rates":${listOf(items.map((item) => item.raw))}}`);
  });

  app.get(`/v3/users/${RESOURCE}/:date`, async (request, reply) => {
    const person = requirePerson(sandbox, request);
    const date = dateParam(request);
    const item = itemOf(person, RESOURCE, date);
    if (!item) throw notFound(`No data found for ${date}`);
    return sendJson(reply, item.raw);
  });
}
