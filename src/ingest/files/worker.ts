/** Works the queue of uploaded files, one at a time in each process. */
import { storeError } from "../../store/store-error.ts";
import { endUpload } from "../../store/uploads.ts";
import { isInterrupted } from "../stopped.ts";
import { type ImportDeps, importFile } from "./import-file.ts";

/** Starts the worker; returns a function that stops it after the batch under way. */
export function startImports(given: Omit<ImportDeps, "miscounted">): Promise<() => Promise<void>> {
  const deps = { ...given, miscounted: new Set<string>() };
  return deps.store.queue.work("import", { batchSize: 1, concurrency: 1 }, async (jobs, signal) => {
    // A job that was given to another process, because this one was too busy to say that it lives, is stopped here.
    const stopping = AbortSignal.any([deps.stopping, signal]);
    for (const id of jobs) await work({ ...deps, stopping }, id);
  });
}

/** @throws when this process stops or our own database fails: then the job is handed out again */
async function work(deps: ImportDeps, id: Parameters<typeof importFile>[1]): Promise<void> {
  try {
    await importFile(deps, id);
  } catch (error) {
    const store = storeError(error);
    if (store !== null || isInterrupted(error)) {
      deps.log.warn({ err: error, upload_id: id.uploadId }, "an import was interrupted, and is tried again");
      throw error;
    }
    // A bug of ours: the file is kept, and an operator can look at it.
    deps.log.error({ err: error, upload_id: id.uploadId }, "an uploaded file cannot be imported");
    await endUpload(deps.store.db, id, { failure: { code: "INTERNAL", details: {} } });
  }
}
