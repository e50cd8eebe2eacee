/** Helpers for the control side of a sandbox: reading and validating bodies, and refusals. */
import type { FastifyRequest } from "fastify";
import type { z } from "zod";
import { bodyText } from "./http.ts";

/** The refusal of a control call, answered with `{"error": …}`. */
export class ControlRefusal extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

/** Returns the body of a control call as JSON; an empty one counts as `{}`. */
export function controlBody(request: FastifyRequest): unknown {
  const text = bodyText(request);
  if (text.trim() === "") return {};
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new ControlRefusal(400, `The body is not JSON: ${error instanceof Error ? error.message : error}`);
  }
}

/** Returns the body validated by the schema. The error names the first fault. */
export function checkedBody<T>(schema: z.ZodType<T>, body: unknown): T {
  const result = schema.safeParse(body);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  throw new ControlRefusal(400, `${issue?.path.join(".") || "body"}: ${issue?.message ?? "is wrong"}`);
}
