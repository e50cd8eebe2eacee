/** Starts the sandboxes, which know nothing of Systole's errors, and reports a used port in the usual form. */
import { SystoleError } from "./errors.ts";
import { type RunningSandboxes, type StartOptions, startSandboxes } from "./sandbox/start.ts";

/** @throws SystoleError PORT_IN_USE */
export async function openSandboxes(options: StartOptions): Promise<RunningSandboxes> {
  try {
    return await startSandboxes(options);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== "EADDRINUSE") throw cause;
    throw new SystoleError("PORT_IN_USE", { port: options.port, variable: "SANDBOX_PORT" }, { cause });
  }
}
