/** Oura's own OpenAPI document. It is beside the repository, never in it. */
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { Ajv } from "ajv";

const file = path.resolve(import.meta.dirname, "../../../../../shared/reference/providers/oura-openapi.json");

export const openApiIsHere = existsSync(file);
export const absent = "needs Oura's OpenAPI document in ../shared/reference/providers";
if (!openApiIsHere) process.stderr.write(`Tests against Oura's own document are skipped: ${absent}\n`);

interface Parameter {
  readonly name: string;
  readonly in: string;
}

export interface Operation {
  readonly method: string;
  readonly path: string;
  readonly parameters: readonly Parameter[];
  /** The schema of the answer when all is well; null where it has no body. */
  readonly answer: object | null;
}

interface Described {
  readonly parameters?: readonly Parameter[];
  readonly responses: Readonly<
    Record<string, { readonly content?: Readonly<Record<string, { readonly schema: object }>> }>
  >;
}

interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Described>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> };
}

export interface Schema {
  readonly required?: string[];
  readonly enum?: readonly string[];
  properties?: Record<string, object>;
}

const read = (): Document => JSON.parse(readFileSync(file, "utf8")) as Document;

/** Returns every operation but those of `/v2/sandbox`, which is a sandbox of Oura's own with invented data. */
export const operations = (): Operation[] =>
  Object.entries(read().paths)
    .filter(([name]) => !name.startsWith("/v2/sandbox/"))
    .flatMap(([name, methods]) =>
      Object.entries(methods).map(([method, { parameters = [], responses }]) => ({
        method: method.toUpperCase(),
        path: name,
        parameters,
        answer: answerOf(responses),
      })),
    );

function answerOf(responses: Described["responses"]): object | null {
  const [, good] = Object.entries(responses).find(([status]) => status.startsWith("2")) ?? [];
  return good?.content?.["application/json"]?.schema ?? null;
}

export const enumNamed = (name: string): readonly string[] => read().components.schemas[name]?.enum ?? [];

/** What real bodies have or lack although the document says otherwise. */
const deviations: Readonly<Record<string, (schema: Schema) => void>> = {
  // Captured documents have no id.
  PublicDailyCardiovascularAge: ({ required }) => void required?.splice(required.indexOf("id"), 1),
};

/** Validates answers against the document, closed: a key that it does not know is an error. */
export class OuraDocument {
  readonly #ajv = new Ajv({ strict: false, allErrors: true, validateFormats: false });

  constructor() {
    const { components } = read();
    const schemas = Object.fromEntries(
      Object.entries(components.schemas).filter(([name]) => !name.endsWith("ResponseDict")),
    );
    for (const [name, deviate] of Object.entries(deviations)) deviate(schemas[name] as Schema);
    for (const schema of Object.values(schemas))
      if (schema.properties !== undefined) Object.assign(schema, { additionalProperties: false });
    this.#ajv.addSchema({ $id: "oura", components: { schemas } });
  }

  /** Returns what is wrong with an answer, in words; empty when it is as documented. */
  errors(schema: object, value: unknown): string[] {
    const { anyOf } = schema as { anyOf?: readonly { $ref: string }[] };
    // An answer with chosen fields may be anything; here all of them are asked for.
    const wanted = anyOf === undefined ? schema : anyOf[0];
    const validate = this.#ajv.compile(JSON.parse(JSON.stringify(wanted).replaceAll('"#/', '"oura#/')));
    validate(value);
    return (validate.errors ?? []).map(({ instancePath, message, params }) =>
      [instancePath, message, JSON.stringify(params)].join(" "),
    );
  }
}
