/** Vitest's global set-up: one run is one user of the servers that its test files ask for. */
import { releaseServers } from "./server.ts";

export function setup(): (() => Promise<void>) | undefined {
  // Part of `npm test`, which ends them itself.
  if (process.env.SYSTOLE_TEST_RUN !== undefined) return undefined;
  process.env.SYSTOLE_TEST_RUN = String(process.pid);
  return releaseServers;
}
