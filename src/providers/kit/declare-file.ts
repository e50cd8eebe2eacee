/** Declares a resource whose bodies are files. A file is one part, under the key by which it was fetched. */
import type { z } from "zod";
import { SystoleError } from "../../errors.ts";
import type { ProviderRequest, Resource, ServedResource } from "../provider.ts";
import { invalidBody, unreadablePaths } from "./body-issues.ts";
import { readTolerantly } from "./read-tolerantly.ts";

export interface FileDeclaration<Schema extends z.ZodType, Derived extends object>
  extends Pick<Resource, "name" | "ledger" | "scope" | "fileFormat"> {
  readonly api: string;
  /** The schema of the decoded file. */
  readonly schema: Schema;
  /** Returns the request for a key; null when there is no such key. */
  request(key: string): ProviderRequest | null;
  /** @throws ProviderError PROVIDER_BODY_INVALID */
  decode(resource: string, body: Buffer): unknown;
  /** Returns further values that are read from the file. */
  derive(file: z.output<Schema>): Derived;
}

/**
 * Returns the resource. Files are not found by date: each is fetched by name, once the thing it belongs to is there. An
 * unreadable file makes no part, and is not fetched again, since the same file would come.
 */
export function declareFile<Schema extends z.ZodType<object>, Derived extends object>(
  declaration: FileDeclaration<Schema, Derived>,
): ServedResource<z.output<Schema> & Derived> {
  const { schema, derive: _derive, ...described } = declaration;
  const { name, ledger } = declaration;
  return {
    ...described,
    discovery: null,
    request(key) {
      const request = declaration.request(key);
      if (request === null) throw new SystoleError("NOTIFICATION_BODY_INVALID", { resource: name, key });
      return request;
    },
    decode: (body) => declaration.decode(name, body),
    parts(key, body) {
      const read = readTolerantly(schema, body);
      if ("fatal" in read) throw invalidBody({ resource: name, key }, "never", read.fatal);
      const value = { ...read.value, ...declaration.derive(read.value) };
      return [{ resource: name, key, value, ...unreadablePaths(ledger, read.unreadable) }];
    },
  };
}
