/** Keeps looking for what nobody told us of, for as long as the process works. */
import type { Store } from "../../store/store.ts";
import type { Logger } from "../../telemetry/log.ts";
import { openBooks, reconcileDue } from "./reconcile.ts";

const pauseMs = 30_000;

/** Answers a function that ends it, once what is under way is done. */
export function startReconciliation({ store, log }: { store: Store; log: Logger }): () => Promise<void> {
  let isOpen = false;
  let running: Promise<void> | null = null;
  const turn = async (): Promise<void> => {
    if (!isOpen) await openBooks(store);
    isOpen = true;
    const due = await reconcileDue(store, new Date());
    if (due > 0) log.info({ resources: due }, "reconciliation ordered");
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
