/** Declares a resource whose bodies are files. A file is one part, under the key it was asked by. */
import type { z } from "zod";
import { SystoleError } from "../../errors.ts";
import type { ProviderRequest, Resource, ServedResource } from "../provider.ts";
import { invalidBody, unreadablePaths } from "./body-issues.ts";
import { readTolerantly } from "./read-tolerantly.ts";

export interface FileDeclaration<Schema extends z.ZodType, Derived extends object>
  extends Pick<Resource, "name" | "ledger" | "scope"> {
  readonly api: string;
  /** What the decoder makes of a file. */
  readonly schema: Schema;
  /** The request that fetches a key; null when there is no such key. */
  request(key: string): ProviderRequest | null;
  /** @throws ProviderError PROVIDER_BODY_INVALID */
  decode(resource: string, body: Buffer): unknown;
  /** What is read out of the file beside its own content. */
  derive(file: z.output<Schema>): Derived;
}

/**
 * Returns the resource. It is never looked for by date: each file is asked for by name, once the thing it belongs to
 * is there. A file that cannot be read is no part, and fetching it again would bring the same one.
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
