/** Routes that set and clear faults. */
import type { FastifyInstance } from "fastify";
import { z } from "zod";
import { checkedBody, controlBody } from "../../kit/control.ts";
import { callFaults, faultScope } from "../../kit/fault-forms.ts";
import type { Sandbox } from "../sandbox.ts";

const FaultBody = z.discriminatedUnion("kind", [
  ...callFaults(faultScope, 5),
  /** One person's lists without an end: the first page again, or always new tokens. */
  z.object({
    kind: z.literal("pages"),
    user_id: z.string(),
    pages: z.enum(["repeat", "endless"]).default("repeat"),
    collection: z.string().min(1).optional(),
  }),
  /** Ends permissions: of one person, or of all. */
  z.object({ kind: z.literal("revoke"), user_id: z.string().optional() }),
  /** Ends all access tokens; refresh tokens stay. */
  z.object({ kind: z.literal("expire") }),
  /** Ends all subscriptions without a word, as Oura does after their time. */
  z.object({ kind: z.literal("lapse") }),
]);

export function faultRoutes(app: FastifyInstance, sandbox: Sandbox): void {
  app.post("/_sandbox/faults", async (request, reply) => {
    const fault = checkedBody(FaultBody, controlBody(request));
    return reply.code(201).send({ fault, ...applied(sandbox, fault) });
  });
  app.get("/_sandbox/faults", async () => ({ faults: sandbox.faults.all() }));
  app.delete("/_sandbox/faults", async (_request, reply) => {
    sandbox.faults.clear();
    sandbox.pageFault = null;
    return reply.code(204).send();
  });
}

function applied(sandbox: Sandbox, fault: z.output<typeof FaultBody>): object {
  switch (fault.kind) {
    case "pages":
      sandbox.pageFault = { userId: fault.user_id, pages: fault.pages, collection: fault.collection };
      return {};
    case "revoke":
      return { revoked: sandbox.tokens.revoke(fault.user_id) };
    case "expire":
      sandbox.tokens.expire();
      return {};
    case "lapse":
      sandbox.subscriptions.clear();
      return {};
    default:
      sandbox.faults.add(fault);
      return {};
  }
}
