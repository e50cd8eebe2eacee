import type { FastifyInstance } from "fastify";
import { z } from "zod";
import type { Clock } from "./clock.ts";
import { checkedBody, controlBody } from "./control.ts";

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

export function clockRoutes(app: FastifyInstance, clock: Clock): void {
  app.get("/_sandbox/clock", async () => ({ now: clock.iso() }));

  app.put("/_sandbox/clock", async (request) => {
    clock.set(checkedBody(ClockBody, controlBody(request)).now);
    return { now: clock.iso() };
  });
}
