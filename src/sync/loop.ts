/** Starts reconciliation at regular intervals for as long as the process works. */
import { repeat } from "../repeating.ts";
import type { Store } from "../store/store.ts";
import type { Logger } from "../telemetry/log.ts";
import { coverNewResources, reconcileDue } from "./reconcile.ts";

const pauseMs = 30_000;

/** Returns a function that stops it, after the work under way is done. */
export function startReconciliation({ store, log }: { store: Store; log: Logger }): () => Promise<void> {
  let isReady = false;
  const turn = async (): Promise<void> => {
    if (!isReady) await coverNewResources(store);
    isReady = true;
    const due = await reconcileDue(store, new Date());
    if (due > 0) log.info({ resources: due }, "reconciliation due");
  };
  const reconciling = repeat(turn, pauseMs, (err) => log.error({ err }, "reconciliation"));
  reconciling.now();
  return () => reconciling.stop();
}
