import { SystoleError } from "../../errors.ts";

/** Translates PostgreSQL's last output into an error for the operator. */
export function startError(output: string, dataDirectory: string): SystoleError {
  if (/No space left on device/i.test(output))
    return new SystoleError("DISK_FULL", { directory: dataDirectory });
  return new SystoleError("STORE_START_FAILED", {
    directory: dataDirectory,
    log: output.trim().slice(-2_000),
  });
}
