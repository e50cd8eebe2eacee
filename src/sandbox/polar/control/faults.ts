import type { FastifyInstance } from "fastify";
import { z } from "zod";
import { checkedBody, controlBody } from "../../kit/control.ts";
import type { Sandbox } from "../sandbox.ts";

const scope = { path: z.string().min(1).optional(), times: z.number().int().positive().optional() };
const budget = z.number().int().nonnegative().optional();

const FaultBody = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("outage"), status: z.number().int().min(400).max(599).default(503), ...scope }),
  z.object({
    kind: z.literal("slow"),
    milliseconds: z.number().nonnegative().max(600_000).default(3000),
    late: z.boolean().optional(),
    ...scope,
  }),
  z.object({
    kind: z.literal("rate-limit"),
    short: budget,
    long: budget,
    api: z.enum(["v3", "v4"]).optional(),
    reset_seconds: z.number().int().nonnegative().default(5),
    ...scope,
  }),
  z.object({ kind: z.literal("not-acceptable"), ...scope }),
  z.object({
    kind: z.literal("revoke"),
    user_id: z.coerce.number().int().optional(),
    api: z.enum(["v3", "v4"]).optional(),
  }),
  z.object({ kind: z.literal("expire"), user_id: z.coerce.number().int().optional() }),
  z.object({
    kind: z.literal("malformed"),
    body: z.enum(["garbage", "empty", "html", "truncated"]).default("garbage"),
    ...scope,
  }),
]);

type FaultBody = z.infer<typeof FaultBody>;

/**
 * Routes that set and clear faults. The answer repeats the fault as understood, and lists the fields that were not
 * known.
 */
export function faultRoutes(app: FastifyInstance, sandbox: Sandbox): void {
  app.post("/_sandbox/faults", async (request, reply) => {
    const body = controlBody(request);
    const fault = checkedBody(FaultBody, body);
    const ignored = Object.keys(body as object).filter((key) => !(key in fault));
    return reply
      .code(201)
      .send({ fault, ...applied(sandbox, fault), ...(ignored.length > 0 && { ignored }) });
  });

  app.get("/_sandbox/faults", async () => ({
    faults: sandbox.faults.all(),
    limits: sandbox.rateLimit.override,
    ...(Object.keys(sandbox.v4.rateLimit.override).length > 0 && {
      v4_limits: sandbox.v4.rateLimit.override,
    }),
  }));

  app.delete("/_sandbox/faults", async (_request, reply) => {
    sandbox.faults.clear();
    sandbox.rateLimit.override = {};
    sandbox.v4.rateLimit.override = {};
    return reply.code(204).send();
  });
}

function applied(sandbox: Sandbox, fault: FaultBody): object {
  if (fault.kind === "revoke") return { revoked: revoked(sandbox, fault) };
  if (fault.kind === "expire") return { expired: sandbox.v4.grants.expire(fault.user_id) };
  if (fault.kind !== "rate-limit") {
    sandbox.faults.add(fault);
    return {};
  }
  const { short, long, api, ...everyCall } = fault;
  const limited = api === "v4" ? sandbox.v4.rateLimit : sandbox.rateLimit;
  if (short === undefined && long === undefined) sandbox.faults.add(everyCall);
  else
    limited.override = {
      ...(short !== undefined && { short }),
      ...(long !== undefined && { long }),
    };
  return {};
}

/** Revokes tokens of v3 and consents at v4, or those of one API. Returns how many. */
function revoked({ tokens, v4 }: Sandbox, { user_id, api }: FaultBody & { kind: "revoke" }): number {
  const ofV3 = api === "v4" ? 0 : tokens.revoke(user_id);
  return ofV3 + (api === "v3" ? 0 : v4.grants.revoke(user_id));
}
