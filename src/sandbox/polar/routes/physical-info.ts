import type { FastifyInstance } from "fastify";
import { requirePerson } from "../auth.ts";
import { notFound, sendJson } from "../http.ts";
import { PHYSICAL_INFO_ID } from "../resources.ts";
import type { Sandbox } from "../sandbox.ts";
import { itemOf } from "../state.ts";

export function physicalInfoRoutes(app: FastifyInstance, sandbox: Sandbox): void {
  app.get("/v3/users/physical-info", async (request, reply) => {
    const item = itemOf(requirePerson(sandbox, request), "physical-info", PHYSICAL_INFO_ID);
    if (!item) throw notFound("No physical information found");
    return sendJson(reply, item.raw);
  });
}
