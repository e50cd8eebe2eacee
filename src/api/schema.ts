/**
 * Routes declare their schemas in zod once: requests are validated by them, handlers are typed by them and
 * the OpenAPI document is made of them.
 */

import type { IncomingMessage, ServerResponse } from "node:http";
import type {
  FastifyBaseLogger,
  FastifyInstance,
  FastifySchema,
  FastifySchemaCompiler,
  FastifyTypeProvider,
  RawServerDefault,
} from "fastify";
import { z } from "zod";
import { SystoleError } from "../errors.ts";

export interface ZodTypes extends FastifyTypeProvider {
  validator: this["schema"] extends z.ZodType ? z.output<this["schema"]> : unknown;
}

/** The app as routes see it. */
export type Api = FastifyInstance<
  RawServerDefault,
  IncomingMessage,
  ServerResponse,
  FastifyBaseLogger,
  ZodTypes
>;

/** Where a field was given, as the one who sent it would say. */
const partNames: Record<string, string> = {
  querystring: "query",
  params: "path",
  body: "body",
  headers: "header",
};

export const validatorCompiler: FastifySchemaCompiler<unknown> = ({ schema, httpPart }) => {
  if (!(schema instanceof z.ZodType)) return () => true;
  return (given: unknown) => {
    const parsed = schema.safeParse(given);
    if (parsed.success) return { value: parsed.data };
    return { error: requestInvalid(parsed.error, partNames[httpPart ?? "body"] ?? "body") };
  };
};

export function requestInvalid(error: z.ZodError, part: string): SystoleError {
  const fields = error.issues.map((issue) => ({
    in: part,
    field: issue.path.join("."),
    problem: issue.message,
  }));
  return new SystoleError("REQUEST_INVALID", { fields }, { cause: error });
}

/** A shape that the OpenAPI document describes once and refers to from wherever it is part of. */
export function component<Schema extends z.ZodType>(name: string, schema: Schema): Schema {
  const named = schema.meta({ id: name });
  components.set(name, named);
  return named;
}

const components = new Map<string, z.ZodType>();

/** JSON Schema of a zod schema: its input side, since that is what travels. */
export function jsonSchema(schema: z.ZodType): Record<string, unknown> {
  const { $schema, $defs, ...described } = describe(schema);
  return described;
}

export const componentSchemas = (): Record<string, unknown> =>
  Object.fromEntries([...components].map(([name, schema]) => [name, describe(schema).$defs?.[name]]));

/** Shared shapes are referred to where OpenAPI keeps them. */
function describe(schema: z.ZodType): z.core.JSONSchema.BaseSchema {
  const described = z.toJSONSchema(schema, { io: "input", unrepresentable: "any" });
  return JSON.parse(JSON.stringify(described).replaceAll('"#/$defs/', '"#/components/schemas/'));
}

/** A route's schema with every zod schema in it turned into JSON Schema, for the OpenAPI document. */
export function documented(schema: FastifySchema | undefined): FastifySchema {
  return convert(schema ?? {}) as FastifySchema;
}

function convert(value: unknown): unknown {
  if (value instanceof z.ZodType) return jsonSchema(value);
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, child]) => [key, convert(child)]));
}
