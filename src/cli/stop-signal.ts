/** Ctrl-C, SIGTERM and SIGHUP: the first asks for a clean end, the second does not wait for it. */

/** npm, the terminal and scripts/run.mjs each send a signal for a single Ctrl-C. */
const sameMs = 700;

/**
 * Returns a signal that the first one aborts; scripts/run.mjs says that it takes a moment. `say` gets a line
 * at the second one.
 */
export function stopSignal(say: (line: string) => void): AbortSignal {
  const ending = new AbortController();
  let firstAt = 0;
  const stop = (): void => {
    if (ending.signal.aborted) {
      if (Date.now() - firstAt > sameMs) endAtOnce(say);
      return;
    }
    firstAt = Date.now();
    ending.abort();
  };
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, stop);
  return ending.signal;
}

/** The embedded PostgreSQL is stopped by its own exit hook. */
function endAtOnce(say: (line: string) => void): never {
  say("Ended at once. Nothing that was acknowledged is lost.");
  process.exit(130);
}

/** Resolves when the end is requested. */
export const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener("abort", () => resolve(), { once: true });
  });
