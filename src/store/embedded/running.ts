/** The embedded PostgreSQL of a Systole that may be running: commands that only look or copy work beside it. */
import { SystoleError } from "../../errors.ts";
import { addressOf, isRunning } from "./cluster.ts";
import { hasCluster, openCluster } from "./initialize.ts";
import { workerUrl } from "./roles.ts";
import { startEmbedded } from "./server.ts";

export interface Reached {
  readonly connectionString: string;
  /** Stops the server if it was started for this. */
  stop(): Promise<void>;
}

/** Makes none where there is none. @throws SystoleError STORE_ABSENT, and as startEmbedded */
export async function reachEmbedded(dataDirectory: string, signal: AbortSignal): Promise<Reached> {
  if (!(await hasCluster(dataDirectory)))
    throw new SystoleError("STORE_ABSENT", { directory: dataDirectory });
  const cluster = await openCluster(dataDirectory, signal);
  if (!(await isRunning(cluster))) return startEmbedded(dataDirectory, signal);
  return { connectionString: workerUrl(await addressOf(cluster)), stop: async () => {} };
}
