/**
 * Settings as they may be shown: what their schema marks as secret is masked, and what it does not declare
 * is left out, for nobody knows what that is.
 */
import { z } from "zod";

export const mask = "********";

interface JsonSchema {
  readonly secret?: boolean;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly additionalProperties?: boolean | JsonSchema;
  readonly items?: boolean | JsonSchema;
  readonly anyOf?: readonly JsonSchema[];
  readonly oneOf?: readonly JsonSchema[];
  readonly allOf?: readonly JsonSchema[];
}

export function shownSettings(schema: z.ZodType, settings: unknown): unknown {
  return show([z.toJSONSchema(schema, { io: "input", unrepresentable: "any" }) as JsonSchema], settings);
}

/** A value may be described by several branches of a union; one that calls it secret is enough. */
function show(schemas: readonly JsonSchema[], value: unknown): unknown {
  const described = schemas.flatMap(branches);
  if (value === null || value === undefined) return value;
  if (described.some(({ secret }) => secret === true)) return mask;
  if (Array.isArray(value)) return value.map((item) => show(described.flatMap(itemsOf), item));
  if (typeof value === "object") return showFields(described, value);
  return typeof value === "string" ? withoutPassword(value) : value;
}

function showFields(schemas: readonly JsonSchema[], value: object): Record<string, unknown> {
  const shown: Record<string, unknown> = {};
  for (const [name, child] of Object.entries(value)) {
    const described = schemas.flatMap((schema) => fieldOf(schema, name));
    if (described.length > 0) shown[name] = show(described, child);
  }
  return shown;
}

const branches = (schema: JsonSchema): JsonSchema[] => [
  schema,
  ...[schema.anyOf, schema.oneOf, schema.allOf].flatMap((list) => (list ?? []).flatMap(branches)),
];

const itemsOf = ({ items }: JsonSchema): JsonSchema[] => (typeof items === "object" ? [items] : []);

function fieldOf({ properties, additionalProperties }: JsonSchema, name: string): JsonSchema[] {
  const declared = properties?.[name];
  if (declared !== undefined) return [declared];
  return typeof additionalProperties === "object" ? [additionalProperties] : [];
}

/** An address may carry a password without being called a secret. */
function withoutPassword(text: string): string {
  const url = URL.parse(text);
  if (url === null || url.password === "") return text;
  url.password = mask;
  return url.href;
}

/**
 * The kept settings with a change laid over them: null takes a setting away, and a masked value that comes
 * back as it was shown means the one that is kept.
 */
export function mergeSettings(
  kept: Readonly<Record<string, unknown>>,
  change: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const merged: Record<string, unknown> = { ...kept };
  for (const [name, value] of Object.entries(change)) {
    if (value === mask) continue;
    if (value === null) delete merged[name];
    else merged[name] = value;
  }
  return merged;
}
