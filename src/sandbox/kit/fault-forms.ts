/** The faults that several sandboxes can be told to have (`POST /_sandbox/faults`). */
import { z } from "zod";

/** Where a fault applies, and how often. */
export const faultScope = { path: z.string().min(1).optional(), times: z.int().positive().optional() };

/**
 * Returns the forms of the faults of every call: outage, slow, rate-limit, malformed.
 * @param scope the fields of each; `resetSeconds` is how long a rate limit lasts that does not say it
 */
export const callFaults = <Scope extends z.ZodRawShape>(scope: Scope, resetSeconds: number) =>
  [
    z.object({ kind: z.literal("outage"), status: z.int().min(400).max(599).default(503), ...scope }),
    z.object({
      kind: z.literal("slow"),
      milliseconds: z.number().min(0).max(600_000).default(3_000),
      ...scope,
    }),
    z.object({
      kind: z.literal("rate-limit"),
      reset_seconds: z.int().min(0).default(resetSeconds),
      ...scope,
    }),
    z.object({
      kind: z.literal("malformed"),
      body: z.enum(["garbage", "empty", "html", "truncated"]).default("garbage"),
      ...scope,
    }),
  ] as const;
