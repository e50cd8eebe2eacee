/** The queue of requests: its jobs become events. */
import type { Store } from "../store/store.ts";
import { sendRequestedData } from "./send.ts";

/** A long request's chunks are a few megabytes each; two at a time keep memory flat. */
const concurrency = 2;

export async function startDataRequests(store: Store): Promise<void> {
  await store.queue.work("request", { batchSize: 1, concurrency }, async (jobs) => {
    for (const job of jobs) await sendRequestedData(store, job);
  });
}
