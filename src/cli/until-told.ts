/** Ctrl-C, SIGTERM and SIGHUP: the first asks for a clean end, the second one does not wait for it. */

/** npm, the terminal and scripts/run.mjs send one each for a single Ctrl-C. */
const sameMs = 700;
const silenceMs = 1_000;

/** Aborted by the first. `say` gets a word when the end takes longer than a moment. */
export function untilTold(say: (line: string) => void): AbortSignal {
  const ending = new AbortController();
  let toldAt = 0;
  const told = (): void => {
    if (ending.signal.aborted) {
      if (Date.now() - toldAt > sameMs) endAtOnce(say);
      return;
    }
    toldAt = Date.now();
    setTimeout(
      () => say("Stopping: what is under way is finished first. Ctrl-C again ends at once."),
      silenceMs,
    ).unref();
    ending.abort();
  };
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, told);
  return ending.signal;
}

/** The embedded PostgreSQL is stopped by its own exit hook. */
function endAtOnce(say: (line: string) => void): never {
  say("Ended at once. Nothing that was acknowledged is lost.");
  process.exit(130);
}

/** Resolves when somebody asks for the end. */
export const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener("abort", () => resolve(), { once: true });
  });
