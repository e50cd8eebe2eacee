/** The sandboxes know nothing of Systole's errors; who starts them from here gets the usual sentence. */
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
