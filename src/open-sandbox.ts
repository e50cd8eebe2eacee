/** The sandbox knows nothing of Systole's errors; whoever starts it from here gets the usual sentence. */
import { SystoleError } from "./errors.ts";
import { type RunningSandbox, type SandboxOptions, startSandbox } from "./sandbox/polar/index.ts";

/** @throws SystoleError PORT_IN_USE */
export async function openSandbox(options: SandboxOptions): Promise<RunningSandbox> {
  try {
    return await startSandbox(options);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== "EADDRINUSE") throw cause;
    throw new SystoleError("PORT_IN_USE", { port: options.port, variable: "SANDBOX_PORT" }, { cause });
  }
}
