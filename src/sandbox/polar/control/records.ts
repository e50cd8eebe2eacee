import type { FastifyInstance } from "fastify";
import type { Sandbox } from "../sandbox.ts";

/** Routes that list the calls to Polar's paths and the pushes to the webhook, and the route that resets the sandbox. */
export function recordRoutes(app: FastifyInstance, sandbox: Sandbox): void {
  app.get("/_sandbox/requests", async () => ({ requests: sandbox.requests.all() }));

  app.delete("/_sandbox/requests", async (_request, reply) => {
    sandbox.requests.clear();
    return reply.code(204).send();
  });

  app.get("/_sandbox/webhook-deliveries", async () => ({
    deliveries: sandbox.sender.attempts(),
    pending: sandbox.sender.pending(),
  }));

  app.post("/_sandbox/reset", async (_request, reply) => {
    sandbox.reset();
    return reply.code(204).send();
  });
}
