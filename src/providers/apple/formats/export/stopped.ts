/** The error that ends the reading of an export; what was read before stands. */
import type { ErrorCode, ErrorDetails } from "../../../../errors.ts";
import { ProviderError } from "../../../provider.ts";

/** Another try would read the same file, so it is final. */
export const stoppedReading = (code: ErrorCode, details: ErrorDetails, cause?: unknown): ProviderError =>
  new ProviderError(code, "never", details, { cause });
