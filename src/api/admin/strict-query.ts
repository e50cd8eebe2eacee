/** A misspelt parameter would otherwise be passed over, and the answer be about something else than was meant. */
import type { FastifySchema } from "fastify";
import { z } from "zod";

const environment = z
  .string()
  .min(1)
  .optional()
  .describe("The environment's dev-id; a `dev-id` header names it too, and the first one is meant otherwise");

/** The schema with every parameter refused that it does not declare. */
export function withStrictQuery(schema: FastifySchema = {}, { scoped }: { scoped: boolean }): FastifySchema {
  const declared = schema.querystring instanceof z.ZodObject ? schema.querystring : z.object({});
  const all = scoped ? declared.safeExtend({ environment }) : declared;
  return { ...schema, querystring: all.strict() };
}
