/** Works the ingest queue: many tasks side by side, each on its own. */
import { priorityOf } from "../store/ranks.ts";
import type { IngestDeps } from "./deps.ts";
import { workTask } from "./work-task.ts";

const concurrency = 8;
/**
 * Handlers that take nothing but what somebody waits for. After hours of outage thousands of notifications come at
 * once, and rank higher: while the provider's limits have room for them, they would keep every handler for as long.
 */
const forRequests = 2;

export async function startIngest(deps: IngestDeps): Promise<void> {
  const asked = priorityOf("request");
  await work(deps, { concurrency });
  await work(deps, { concurrency: forRequests, priorities: { from: asked, to: asked } });
}

async function work(
  deps: IngestDeps,
  options: Omit<Parameters<IngestDeps["store"]["queue"]["work"]>[1], "batchSize">,
): Promise<void> {
  await deps.store.queue.work("ingest", { batchSize: 1, ...options }, async (jobs) => {
    for (const job of jobs) await workTask(deps, job);
  });
}
