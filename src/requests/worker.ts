/** Works the queue of requests: each job becomes an event. */
import type { Store } from "../store/store.ts";
import { sendRequestedData } from "./send.ts";

/** The number of jobs at the same time. Chunks of a long request have a few megabytes each, so two keep memory low. */
const concurrency = 2;

export async function startDataRequests(store: Store): Promise<void> {
  await store.queue.work("request", { batchSize: 1, concurrency }, async (jobs) => {
    for (const job of jobs) await sendRequestedData(store, job);
  });
}
