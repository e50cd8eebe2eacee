import type { FastifyInstance } from "fastify";
import { z } from "zod";
import { checkedBody, controlBody } from "../../kit/control.ts";
import { generate } from "../generate/index.ts";
import { RESOURCES } from "../resources.ts";
import type { Sandbox } from "../sandbox.ts";
import { upload } from "../upload.ts";
import { requireUser } from "./people.ts";

const GenerateBody = z.object({
  days: z.number().int().min(1).max(365).default(28),
  seed: z.number().int().default(1),
  notify: z.boolean().default(true),
});

/**
 * The route that makes plausible data of every kind, uploaded as by a watch that syncs after days without connection.
 */
export function generateRoutes(app: FastifyInstance, sandbox: Sandbox): void {
  app.post("/_sandbox/users/:id/generate", async (request) => {
    const person = requireUser(sandbox, request);
    const { days, seed, notify } = checkedBody(GenerateBody, controlBody(request));
    const stored: Record<string, number> = {};
    let notified = 0;
    for (const [resource, bodies] of generate(person, { days, seed, now: sandbox.clock.now() })) {
      const kind = RESOURCES.get(resource);
      if (!kind) throw new Error(`The generator made an unknown resource ${resource}`);
      const texts = bodies.map((body) => JSON.stringify(body));
      const result = upload(sandbox, person, kind, texts, notify ? "true" : "false");
      stored[resource] = result.stored;
      notified += result.notified;
    }
    return { stored, notified };
  });
}
