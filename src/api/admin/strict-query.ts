/**
 * Refuses undeclared query parameters. A misspelt one would otherwise be ignored, and the answer would be about
 * something other than what was meant.
 */
import type { FastifySchema } from "fastify";
import { z } from "zod";

const environment = z
  .string()
  .min(1)
  .optional()
  .describe(
    "The environment's dev-id; a `dev-id` header has the same effect. Without both, the first environment is used",
  );

/** Returns the schema changed so that it refuses every undeclared parameter. */
export function withStrictQuery(schema: FastifySchema = {}, { scoped }: { scoped: boolean }): FastifySchema {
  const declared = schema.querystring instanceof z.ZodObject ? schema.querystring : z.object({});
  const all = scoped ? declared.safeExtend({ environment }) : declared;
  return { ...schema, querystring: all.strict() };
}
