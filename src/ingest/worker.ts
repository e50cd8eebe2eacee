/** Works the ingest queue: many tasks at a time, each independent of the others. */
import { priorityOf } from "../store/ranks.ts";
import type { IngestDeps } from "./deps.ts";
import { workTask } from "./work-task.ts";

const concurrency = 8;
/**
 * Handlers reserved for tasks that a person waits for. After hours of outage thousands of notifications
 * arrive at once and rank higher: they would keep every handler busy for as long as the provider's limits
 * allow.
 */
const requestHandlers = 2;

export async function startIngest(deps: IngestDeps): Promise<void> {
  const asked = priorityOf("request");
  await work(deps, { concurrency });
  await work(deps, { concurrency: requestHandlers, priorities: { from: asked, to: asked } });
}

async function work(
  deps: IngestDeps,
  options: Omit<Parameters<IngestDeps["store"]["queue"]["work"]>[1], "batchSize">,
): Promise<void> {
  await deps.store.queue.work("ingest", { batchSize: 1, ...options }, async (jobs) => {
    for (const job of jobs) await workTask(deps, job);
  });
}
