import type { FastifyInstance } from "fastify";
import { z } from "zod";
import type { Sandbox } from "../sandbox.ts";
import { checkedBody, controlBody } from "./people.ts";

/** ISO 8601; a time without an offset is UTC, a date alone its midnight. */
const ClockBody = z.object({
  now: z.string().transform((text, context) => {
    const zoned = /T/.test(text) && !/(Z|[+-]\d{2}:?\d{2})$/i.test(text) ? `${text}Z` : text;
    const time = new Date(zoned);
    if (!Number.isNaN(time.getTime())) return time;
    context.addIssue({ code: "custom", message: "must be a time like 2025-10-02T08:00:00Z" });
    return z.NEVER;
  }),
});

export function clockRoutes(app: FastifyInstance, sandbox: Sandbox): void {
  app.get("/_sandbox/clock", async () => ({ now: sandbox.clock.iso() }));

  app.put("/_sandbox/clock", async (request) => {
    sandbox.clock.set(checkedBody(ClockBody, controlBody(request)).now);
    sandbox.sender.retryUndelivered();
    return { now: sandbox.clock.iso() };
  });
}
