import type { FastifyInstance } from "fastify";
import { requireClient } from "../auth.ts";
import { noContent } from "../http.ts";
import type { Sandbox } from "../sandbox.ts";

/**
 * What waits in transactions. These are not here (`deprecated.ts`), so nothing ever waits: an address that answers
 * 410 would be offered otherwise.
 */
export function notificationRoutes(app: FastifyInstance, sandbox: Sandbox): void {
  app.get("/v3/notifications", async (request, reply) => {
    requireClient(sandbox, request);
    return noContent(reply);
  });
}
