/** The JSON Schema of a plugin's settings, with the marks that decide how a setting is shown and changed. */
import { z } from "zod";

export interface SettingSchema {
  /** The value is masked wherever it is shown. */
  readonly secret?: boolean;
  /** False for a secret that only signs or decrypts here and is never sent to the address. */
  readonly sent?: boolean;
  /** The value names where secrets are sent: a host, a port or a URL. */
  readonly address?: boolean;
  /** Masks the query and the unguessable path segments of a URL. */
  readonly secretsInUrl?: boolean;
  readonly default?: unknown;
  readonly properties?: Readonly<Record<string, SettingSchema>>;
  readonly additionalProperties?: boolean | SettingSchema;
  readonly items?: boolean | SettingSchema;
  readonly anyOf?: readonly SettingSchema[];
  readonly oneOf?: readonly SettingSchema[];
  readonly allOf?: readonly SettingSchema[];
}

export const settingSchema = (schema: z.ZodType): SettingSchema =>
  z.toJSONSchema(schema, { io: "input", unrepresentable: "any" }) as SettingSchema;

/** Returns the schema itself and every branch of its unions, at any depth. */
export const branches = (schema: SettingSchema): SettingSchema[] => [
  schema,
  ...[schema.anyOf, schema.oneOf, schema.allOf].flatMap((list) => (list ?? []).flatMap(branches)),
];

/** Returns the schemas that describe a setting of this name; empty when it is not declared. */
export function fieldOf({ properties, additionalProperties }: SettingSchema, name: string): SettingSchema[] {
  const declared = properties?.[name];
  if (declared !== undefined) return [declared];
  return typeof additionalProperties === "object" ? [additionalProperties] : [];
}
