import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { Ajv, type ValidateFunction } from "ajv";
import { parse } from "yaml";
import { DEVIATIONS, type Schemas } from "./deviations.ts";

/** Polar's OpenAPI document, and bodies captured from devices. They are beside the repository, never in it. */
const SHARED = path.resolve(import.meta.dirname, "../../../../../shared");
const OPENAPI = path.join(SHARED, "reference/polar-accesslink-openapi.yaml");
const PAYLOADS = path.join(SHARED, "polar-payloads");

export const referenceIsHere = existsSync(OPENAPI) && existsSync(PAYLOADS);
export const ABSENT = "skipped: the reference beside the repository (../shared) is absent";
if (!referenceIsHere) process.stderr.write(`Tests against Polar's own documents ${ABSENT}\n`);

export interface Operation {
  path: string;
  method: string;
  /** Schemas by status; a status without a JSON body has none. */
  responses: Record<string, object | undefined>;
}

interface Document {
  paths: Record<string, Record<string, { responses: Record<string, { content?: Content }> }>>;
  components: { schemas: Schemas };
}

type Content = Record<string, { schema: object }>;

const document = (): Document => parse(readFileSync(OPENAPI, "utf8")) as Document;

export function operations(): Operation[] {
  return Object.entries(document().paths).flatMap(([name, methods]) =>
    Object.entries(methods).map(([method, { responses }]) => ({
      path: name,
      method: method.toUpperCase(),
      responses: Object.fromEntries(
        Object.entries(responses).map(([status, { content }]) => [
          status,
          content?.["application/json"]?.schema,
        ]),
      ),
    })),
  );
}

/**
 * Validates against a schema of the document, closed: a key that the document does not know is an error. Deviations of
 * real devices are applied first, unless one is left out to show that it is needed.
 */
export class OpenApi {
  readonly #ajv = new Ajv({ strict: false, allErrors: true });

  constructor(leftOut?: string) {
    const { components } = document();
    for (const [name, deviation] of Object.entries(DEVIATIONS)) {
      if (name !== leftOut) deviation.apply(components.schemas);
    }
    close(components);
    for (const format of ["float", "double", "int32", "int64", "byte", "binary"])
      this.#ajv.addFormat(format, true);
    this.#ajv.addFormat("date", /^\d{4}-\d{2}-\d{2}$/);
    // Polar also calls times without a zone date-time.
    this.#ajv.addFormat("date-time", /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:\d{2})?$/);
    this.#ajv.addFormat("uri", URL.canParse);
    this.#ajv.addSchema({ $id: "polar", components });
  }

  /** Returns what is wrong with a value, in words; empty when it is as documented. */
  errors(schema: object, value: unknown): string[] {
    const text = JSON.stringify(schema).replaceAll('"#/', '"polar#/');
    const validate: ValidateFunction = this.#ajv.compile(JSON.parse(text) as object);
    validate(value);
    return (validate.errors ?? []).map(({ instancePath, message, params }) =>
      [instancePath, message, JSON.stringify(params)].join(" "),
    );
  }

  named(name: string, value: unknown): string[] {
    return this.errors({ $ref: `#/components/schemas/${name}` }, value);
  }
}

function close(node: unknown): void {
  if (typeof node !== "object" || node === null) return;
  if ("properties" in node && !("additionalProperties" in node)) {
    Object.assign(node, { additionalProperties: false });
  }
  for (const [key, child] of Object.entries(node)) if (key !== "example") close(child);
}

export interface Captured {
  file: string;
  text: string;
}

/** Returns the captured bodies of one folder, unchanged. */
export function captured(folder: string): Captured[] {
  return readdirSync(path.join(PAYLOADS, folder)).map((file) => ({
    file: `${folder}/${file}`,
    text: readFileSync(path.join(PAYLOADS, folder, file), "utf8"),
  }));
}

export const capturedBytes = (file: string): Buffer => readFileSync(path.join(PAYLOADS, file));
