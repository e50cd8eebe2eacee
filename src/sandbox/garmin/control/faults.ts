/** Routes that set and clear faults. */
import type { FastifyInstance } from "fastify";
import { z } from "zod";
import { checkedBody, controlBody } from "../../kit/control.ts";
import { callFaults, faultScope } from "../../kit/fault-forms.ts";
import type { Sandbox } from "../sandbox.ts";

const scope = { ...faultScope, user_id: z.coerce.number().optional() };
const FaultBody = z.discriminatedUnion("kind", [
  ...callFaults(scope, 14),
  /** Ends keys: of one person, or of all. Tokens that were made from them end too. */
  z.object({ kind: z.literal("revoke"), user_id: z.coerce.number().optional() }),
  /** Ends tokens: of one person, or of all. Keys stay. */
  z.object({ kind: z.literal("expire"), user_id: z.coerce.number().optional() }),
  /** Full pages of activities without an end: the first one again, or always new ones. */
  z.object({
    kind: z.literal("pages"),
    pages: z.enum(["repeat", "endless"]),
    user_id: z.coerce.number().optional(),
  }),
]);

export function faultRoutes(app: FastifyInstance, sandbox: Sandbox): void {
  app.post("/_sandbox/faults", async (request, reply) => {
    const fault = checkedBody(FaultBody, controlBody(request));
    return reply.code(201).send({ fault, ...applied(sandbox, fault) });
  });
  app.get("/_sandbox/faults", async () => ({ faults: sandbox.faults.all(), pages: sandbox.pageFault }));
  app.delete("/_sandbox/faults", async (_request, reply) => {
    sandbox.faults.clear();
    sandbox.pageFault = null;
    return reply.code(204).send();
  });
}

function applied(sandbox: Sandbox, fault: z.output<typeof FaultBody>): object {
  switch (fault.kind) {
    case "revoke":
      return { revoked: sandbox.keys.revoke(fault.user_id) };
    case "expire":
      sandbox.keys.expire(fault.user_id);
      return {};
    case "pages":
      sandbox.pageFault = { pages: fault.pages, userId: fault.user_id };
      return {};
    default:
      sandbox.faults.add(fault);
      return {};
  }
}
