/** Works the ingest queue: many notifications side by side, each on its own. */
import type { IngestDeps } from "./deps.ts";
import { processNotification } from "./process.ts";

const concurrency = 8;

export async function startIngest(deps: IngestDeps): Promise<void> {
  await deps.store.queue.work("ingest", { batchSize: 1, concurrency }, async (jobs) => {
    for (const job of jobs) await processNotification(deps, job);
  });
}
