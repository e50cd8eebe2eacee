/** The thread that reads one file, and waits before each batch until there is room for it. */
import { once } from "node:events";
import { parentPort, workerData } from "node:worker_threads";
import { type FileProgress, ProviderError } from "../../providers/provider.ts";
import { providerBySlug } from "../../providers/registry.ts";
import { resourceOf } from "../../providers/resource-of.ts";
import { lowerPriority } from "../../threads/low-priority.ts";
import { sentError } from "../parsing/messages.ts";
import { Batches } from "./batches.ts";
import type { FromReader, ReadBatch, ReadingOrder } from "./messages.ts";

const progressMs = 250;

const port = parentPort;
if (port === null) throw new Error("started as a thread only");
const send = (message: FromReader): void => port.postMessage(message);

lowerPriority();

async function readFile(order: ReadingOrder): Promise<void> {
  try {
    for await (const batch of batchesOf(order)) {
      const room = once(port as NonNullable<typeof port>, "message");
      send({ kind: "batch", batch });
      await room;
    }
    send({ kind: "end", failure: null });
  } catch (error) {
    if (!(error instanceof ProviderError)) throw error;
    send({ kind: "end", failure: sentError(error) });
  }
}

/** @throws ProviderError, after all that was read before the fault */
async function* batchesOf({ provider: slug, skip, key, ...order }: ReadingOrder): AsyncGenerator<ReadBatch> {
  const provider = providerBySlug(slug);
  const resource = resourceOf(provider, { resource: order.resource, key });
  const progress = new ProgressReports();
  const reading = { directory: order.directory, progress: (told: FileProgress) => progress.note(told) };
  const parts = resource.partsOfFile?.(key, order.file, reading);
  if (parts === undefined) throw new Error(`${order.resource} reads no files`);
  const batches = new Batches(provider, skip);
  let index = 0;
  let fault: unknown = null;
  try {
    for await (const batch of parts) {
      progress.flush();
      index += 1;
      const full = index <= skip ? null : batches.add(batch);
      if (full !== null) yield full;
    }
  } catch (error) {
    fault = error;
  }
  const rest = batches.rest();
  if (rest !== null) yield rest;
  if (fault !== null) throw fault;
}

/** Sends progress at intervals, and the last of it in any case. */
class ProgressReports {
  #sentAt = 0;
  #waiting: FileProgress | null = null;

  note(progress: FileProgress): void {
    this.#waiting = progress;
    if (performance.now() - this.#sentAt >= progressMs) this.flush();
  }

  flush(): void {
    if (this.#waiting === null) return;
    send({ kind: "progress", progress: this.#waiting });
    this.#sentAt = performance.now();
    this.#waiting = null;
  }
}

await readFile(workerData as ReadingOrder);
