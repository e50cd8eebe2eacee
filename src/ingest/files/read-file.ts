/** Reads a file in a thread of its own, with a limit of memory, and hands its batches to the process one by one. */
import path from "node:path";
import { Worker } from "node:worker_threads";
import type { FileProgress } from "../../providers/provider.ts";
import type { SentError } from "../parsing/messages.ts";
import { ParserDiedError } from "../parsing/pool.ts";
import { StoppedError } from "../stopped.ts";
import type { FromReader, ReadBatch, ReadingOrder } from "./messages.ts";

/** JavaScript in a published build, TypeScript in a checkout, as this file is. */
const threadFile = new URL(`./reader-thread${path.extname(import.meta.filename)}`, import.meta.url);

/** A third of the young generation is a semi-space; the benchmark of exports measures with the same limits. */
const memory = { maxOldGenerationSizeMb: 192, maxYoungGenerationSizeMb: 24 };

export interface FileSink {
  progress(progress: FileProgress): Promise<void>;
  store(batch: ReadBatch): Promise<void>;
}

/**
 * Resolves with the error of the file; null when all of it was read.
 * @throws ParserDiedError; StoppedError; the error of the sink
 */
export async function readFileInThread(
  order: ReadingOrder,
  sink: FileSink,
  stopping: AbortSignal,
): Promise<SentError | null> {
  const thread = new Worker(threadFile, { workerData: order, resourceLimits: memory });
  try {
    return await new Promise<SentError | null>((resolve, reject) => {
      stopping.addEventListener("abort", () => reject(new StoppedError()), { once: true });
      if (stopping.aborted) reject(new StoppedError());
      thread.on("error", (error: NodeJS.ErrnoException) => {
        const reason = error.code === "ERR_WORKER_OUT_OF_MEMORY" ? "memory" : "crash";
        reject(new ParserDiedError(reason, { cause: error }));
      });
      thread.on("exit", () => reject(new ParserDiedError("crash")));
      thread.on("message", (message: FromReader) => {
        if (message.kind === "end") resolve(message.failure);
        else if (message.kind === "progress") sink.progress(message.progress).catch(reject);
        else sink.store(message.batch).then(() => thread.postMessage("next"), reject);
      });
    });
  } finally {
    await thread.terminate();
  }
}
