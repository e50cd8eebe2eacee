/** Works the queue of jobs that rebuild records, one batch at a time in each process. */
import { SystoleError } from "../../errors.ts";
import { moveRenormalization, type RenormalizationId } from "../../store/renormalizations.ts";
import { storeError } from "../../store/store-error.ts";
import type { Logger } from "../../telemetry/log.ts";
import { runBatch } from "./batch.ts";
import type { BatchDeps } from "./steps.ts";

export interface RenormalizeDeps extends BatchDeps {
  readonly log: Logger;
}

/** Starts the worker; returns a function that stops it after the batch under way. */
export function startRenormalizing(deps: RenormalizeDeps): Promise<() => Promise<void>> {
  return deps.store.queue.work("renormalize", { batchSize: 1, concurrency: 1 }, async (jobs) => {
    for (const { environmentId, renormalizationId, step } of jobs) {
      await workBatch(deps, { environmentId, renormalizationId }, step);
    }
  });
}

/** @throws when our own database fails: then the job stays and is handed out again. */
async function workBatch(deps: RenormalizeDeps, id: RenormalizationId, step: number): Promise<void> {
  const about = { environment_id: id.environmentId, renormalization_id: id.renormalizationId, step };
  try {
    const state = await runBatch(deps, id, step);
    if (state === "done") deps.log.info(about, "renormalisation done");
  } catch (error) {
    const store = storeError(error);
    if (store !== null) throw store;
    // Records that cannot be made are counted; any other error is a bug of ours and waits for an operator.
    const { code } = error instanceof SystoleError ? error : new SystoleError("INTERNAL");
    deps.log.error({ ...about, err: error }, "renormalisation failed");
    await moveRenormalization(deps.store.db, id, "failed", code);
  }
}
