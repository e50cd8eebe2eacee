/**
 * Routes declare their schemas in zod once. The schemas validate requests, give handlers their types and make the
 * OpenAPI document.
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

/** The type of the app for routes. */
export type Api = FastifyInstance<
  RawServerDefault,
  IncomingMessage,
  ServerResponse,
  FastifyBaseLogger,
  ZodTypes
>;

/** The names of a request's parts, for callers. */
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

/** Names a schema that the OpenAPI document describes once and refers to elsewhere. */
export function component<Schema extends z.ZodType>(name: string, schema: Schema): Schema {
  const named = schema.meta({ id: name });
  components.set(name, named);
  return named;
}

const components = new Map<string, z.ZodType>();

/** Returns the JSON Schema of a zod schema: its input side, since that is what is sent. */
export function jsonSchema(schema: z.ZodType): Record<string, unknown> {
  const { $schema, $defs, ...described } = describe(schema);
  return described;
}

export const componentSchemas = (): Record<string, unknown> =>
  Object.fromEntries([...components].map(([name, schema]) => [name, describe(schema).$defs?.[name]]));

/** Describes a schema. Shared schemas become references to their place in OpenAPI. */
function describe(schema: z.ZodType): z.core.JSONSchema.BaseSchema {
  const described = z.toJSONSchema(schema, { io: "input", unrepresentable: "any" });
  return JSON.parse(JSON.stringify(described).replaceAll('"#/$defs/', '"#/components/schemas/'));
}

/** Converts every zod schema in a route's schema to JSON Schema, for the OpenAPI document. */
export function documented(schema: FastifySchema | undefined): FastifySchema {
  return convert(schema ?? {}) as FastifySchema;
}

function convert(value: unknown): unknown {
  if (value instanceof z.ZodType) return jsonSchema(value);
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, child]) => [key, convert(child)]));
}
