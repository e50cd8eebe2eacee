import type { FastifyInstance } from "fastify";
import { requireClient } from "../auth.ts";
import { noContent } from "../http.ts";
import type { Sandbox } from "../sandbox.ts";

/**
 * The route that lists data waiting in transactions. The sandbox has no transactions (`deprecated.ts`), so the list is
 * always empty; otherwise it would offer an address that answers 410.
 */
export function notificationRoutes(app: FastifyInstance, sandbox: Sandbox): void {
  app.get("/v3/notifications", async (request, reply) => {
    requireClient(sandbox, request);
    return noContent(reply);
  });
}
