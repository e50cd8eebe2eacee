/** Flattens JSON Schemas to one line a field, so that two of them can be compared. For tests. */
export interface JsonSchema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly title?: string;
  readonly const?: string | number;
  readonly enum?: readonly (string | number)[];
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly items?: JsonSchema;
  readonly prefixItems?: readonly JsonSchema[];
  readonly additionalProperties?: JsonSchema;
  readonly unevaluatedProperties?: JsonSchema;
  readonly allOf?: readonly JsonSchema[];
  readonly anyOf?: readonly JsonSchema[];
  readonly oneOf?: readonly JsonSchema[];
  readonly components?: { readonly schemas: Readonly<Record<string, JsonSchema>> };
}

/** Follows references and merges `allOf`; the schema's own keywords override those it extends. */
function resolve(schema: JsonSchema, document: JsonSchema): JsonSchema {
  const name = schema.$ref?.split("/").at(-1);
  if (name !== undefined) return resolve(document.components?.schemas[name] ?? {}, document);
  const parts = [...(schema.allOf ?? []).map((base) => resolve(base, document)), schema];
  return {
    ...Object.assign({}, ...parts),
    properties: Object.assign({}, ...parts.map((part) => part.properties)),
    required: parts.flatMap((part) => part.required ?? []),
  };
}

function withoutNull(schema: JsonSchema, document: JsonSchema): { schema: JsonSchema; nullable: boolean } {
  if (Array.isArray(schema.type)) {
    const [type = ""] = schema.type.filter((each) => each !== "null");
    return { schema: { ...schema, type }, nullable: schema.type.includes("null") };
  }
  const [branch, ...rest] = (schema.anyOf ?? []).filter(({ type }) => type !== "null");
  if (branch === undefined || rest.length > 0) return { schema: resolve(schema, document), nullable: false };
  return { schema: resolve(branch, document), nullable: schema.anyOf?.length === 2 };
}

function describeType(schema: JsonSchema): string {
  const branches = schema.oneOf?.map((branch) => branch.const);
  const values = branches ?? schema.enum ?? (schema.const === undefined ? undefined : [schema.const]);
  if (values) return `one of ${values.map((value) => JSON.stringify(value)).join(", ")}`;
  const entries = schema.unevaluatedProperties ?? schema.additionalProperties;
  return entries?.type ? `map of ${entries.type}` : String(schema.type);
}

/** `Sleep.metadata.is_nap` → `optional boolean | null`, for every field at every depth. */
export function flatten(name: string, root: JsonSchema, document: JsonSchema): Map<string, string> {
  const lines = new Map<string, string>();
  function visit(at: string, given: JsonSchema, required: boolean): void {
    const { schema, nullable } = withoutNull(given, document);
    lines.set(at, `${required ? "" : "optional "}${describeType(schema)}${nullable ? " | null" : ""}`);
    if (schema.items) visit(`${at}[]`, schema.items, true);
    for (const [index, item] of (schema.prefixItems ?? []).entries()) visit(`${at}[${index}]`, item, true);
    for (const [key, child] of Object.entries(schema.properties ?? {})) {
      visit(`${at}.${key}`, child, schema.required?.includes(key) ?? false);
    }
  }
  visit(name, root, true);
  return lines;
}
