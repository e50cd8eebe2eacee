/** The embedded PostgreSQL of a Systole that may be running: commands that only look or copy work beside it. */
import { addressOf, isRunning } from "./cluster.ts";
import { openCluster } from "./initialize.ts";
import { workerUrl } from "./roles.ts";
import { startEmbedded } from "./server.ts";

export interface Reached {
  readonly connectionString: string;
  /** Stops the server if it was started for this. */
  stop(): Promise<void>;
}

/** @throws SystoleError as startEmbedded */
export async function reachEmbedded(dataDirectory: string, signal: AbortSignal): Promise<Reached> {
  const cluster = await openCluster(dataDirectory, signal);
  if (!(await isRunning(cluster))) return startEmbedded(dataDirectory, signal);
  return { connectionString: workerUrl(await addressOf(cluster)), stop: async () => {} };
}
