/** Places in lists whose order is no id's: opaque to the caller. */
import type { z } from "zod";
import { fieldInvalid } from "../field-invalid.ts";

export const writePlace = (place: readonly unknown[]): string =>
  Buffer.from(JSON.stringify(place)).toString("base64url");

/**
 * Reads a place from a parameter of the query.
 * @param parameter its name, and what is wrong where it holds no place
 * @throws SystoleError REQUEST_INVALID
 */
export function readPlace<Schema extends z.ZodType>(
  text: string,
  schema: Schema,
  [name, problem]: readonly [name: string, problem: string] = ["before", "is not the `next` of a page"],
): z.output<Schema> {
  try {
    return schema.parse(JSON.parse(Buffer.from(text, "base64url").toString("utf8")));
  } catch (cause) {
    throw fieldInvalid("query", name, problem, cause);
  }
}
