/** The database of a command that works without a running server, or beside one. */
import type { Config } from "./config.ts";

interface Embedded {
  readonly connectionString: string;
  stop(): Promise<void>;
}

/**
 * Returns the connection string of DATABASE_URL, or that of the embedded server, which stops with the stack.
 * @param reach starts the embedded server of a data directory, or finds it running
 */
export async function databaseAtHand(
  { DATABASE_URL: given, SYSTOLE_DATA_DIR: directory }: Pick<Config, "DATABASE_URL" | "SYSTOLE_DATA_DIR">,
  reach: (directory: string, signal: AbortSignal) => Promise<Embedded>,
  opened: AsyncDisposableStack,
  signal: AbortSignal,
): Promise<string> {
  if (given !== undefined) return given;
  const server = await reach(directory, signal);
  opened.defer(() => server.stop());
  return server.connectionString;
}
