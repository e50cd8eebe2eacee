/** Translates the errors of body stores. */
import { errorMessage, SystoleError } from "../../errors.ts";

/** Whatever went wrong there may be repaired, and the work is tried again. */
export const bodyError = (thrown: unknown, operation: "read" | "write"): SystoleError =>
  thrown instanceof SystoleError
    ? thrown
    : new SystoleError(
        "BODY_STORE_UNAVAILABLE",
        { operation, reason: errorMessage(thrown) },
        { cause: thrown },
      );
