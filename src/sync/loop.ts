/** Starts reconciliation at regular intervals for as long as the process works. */
import type { Store } from "../store/store.ts";
import type { Logger } from "../telemetry/log.ts";
import { coverNewResources, reconcileDue } from "./reconcile.ts";

const pauseMs = 30_000;

/** Returns a function that stops it, after the work under way is done. */
export function startReconciliation({ store, log }: { store: Store; log: Logger }): () => Promise<void> {
  let isReady = false;
  let running: Promise<void> | null = null;
  const turn = async (): Promise<void> => {
    if (!isReady) await coverNewResources(store);
    isReady = true;
    const due = await reconcileDue(store, new Date());
    if (due > 0) log.info({ resources: due }, "reconciliation due");
  };
  const run = (): void => {
    running ??= turn()
      .catch((err: unknown) => log.error({ err }, "reconciliation"))
      .finally(() => {
        running = null;
      });
  };
  const timer = setInterval(run, pauseMs);
  run();
  return async () => {
    clearInterval(timer);
    await running;
  };
}
