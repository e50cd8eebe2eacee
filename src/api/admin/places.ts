/** Places in lists whose order is no id's: opaque to the caller. */
import type { z } from "zod";
import { SystoleError } from "../../errors.ts";

export const writePlace = (place: readonly unknown[]): string =>
  Buffer.from(JSON.stringify(place)).toString("base64url");

/** @throws SystoleError REQUEST_INVALID */
export function readPlace<Schema extends z.ZodType>(before: string, schema: Schema): z.output<Schema> {
  try {
    return schema.parse(JSON.parse(Buffer.from(before, "base64url").toString("utf8")));
  } catch (cause) {
    const fields = [{ in: "query", field: "before", problem: "is not the `next` of a page" }];
    throw new SystoleError("REQUEST_INVALID", { fields }, { cause });
  }
}
