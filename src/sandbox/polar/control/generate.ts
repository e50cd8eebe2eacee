import type { FastifyInstance } from "fastify";
import { z } from "zod";
import { checkedBody, controlBody } from "../../kit/control.ts";
import { generate, type Span } from "../generate/index.ts";
import { RESOURCES } from "../resources.ts";
import type { Sandbox } from "../sandbox.ts";
import type { Person } from "../state.ts";
import { upload } from "../upload.ts";
import { generateV4 } from "../v4/generate/index.ts";
import { requireUser } from "./people.ts";

const GenerateBody = z.object({
  days: z.number().int().min(1).max(365).default(28),
  seed: z.number().int().default(1),
  notify: z.boolean().default(true),
  apis: z.enum(["both", "v3", "v4"]).default("both"),
});

/**
 * The route that makes plausible data of every kind, uploaded as by a watch that syncs after days without connection.
 */
export function generateRoutes(app: FastifyInstance, sandbox: Sandbox): void {
  app.post("/_sandbox/users/:id/generate", async (request) => {
    const person = requireUser(sandbox, request);
    const { days, seed, notify, apis } = checkedBody(GenerateBody, controlBody(request));
    const span = { days, seed, now: sandbox.clock.now() };
    const stored: Record<string, number> = {};
    // v4 first: a notification of v3 may be answered by a look at v4.
    if (apis !== "v3") keepV4(sandbox, person, span, stored);
    const notified = apis === "v4" ? 0 : uploadV3(sandbox, person, span, { stored, notify });
    return { stored, notified };
  });
}

function keepV4(sandbox: Sandbox, person: Person, span: Span, stored: Record<string, number>): void {
  for (const [resource, items] of generateV4(person, span, () => sandbox.v4.switches)) {
    for (const item of items) sandbox.v4.data.keep(person.id, resource, item);
    stored[resource] = items.length;
  }
}

/** Uploads to v3, and returns how many notifications were started. */
function uploadV3(
  sandbox: Sandbox,
  person: Person,
  span: Span,
  { stored, notify }: { stored: Record<string, number>; notify: boolean },
): number {
  let notified = 0;
  for (const [resource, bodies] of generate(person, span)) {
    const kind = RESOURCES.get(resource);
    if (!kind) throw new Error(`The generator made an unknown resource ${resource}`);
    const texts = bodies.map((body) => JSON.stringify(body));
    const result = upload(sandbox, person, kind, texts, notify ? "true" : "false");
    stored[resource] = result.stored;
    notified += result.notified;
  }
  return notified;
}
