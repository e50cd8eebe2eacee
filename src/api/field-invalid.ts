/** The error of one field of a request that its schema cannot judge. */
import { SystoleError } from "../errors.ts";

export const fieldInvalid = (
  place: "query" | "body" | "request",
  field: string,
  problem: string,
  cause?: unknown,
): SystoleError =>
  new SystoleError("REQUEST_INVALID", { fields: [{ in: place, field, problem }] }, { cause });
