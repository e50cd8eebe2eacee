/** Ctrl-C, SIGTERM and SIGHUP: the first asks for a clean end, the second one does not wait for it. */

/** npm, the terminal and scripts/run.mjs send one each for a single Ctrl-C. */
const sameMs = 700;

/** Aborted by the first; that it takes a moment is said by scripts/run.mjs. `say` gets a word at the second. */
export function untilTold(say: (line: string) => void): AbortSignal {
  const ending = new AbortController();
  let toldAt = 0;
  const told = (): void => {
    if (ending.signal.aborted) {
      if (Date.now() - toldAt > sameMs) endAtOnce(say);
      return;
    }
    toldAt = Date.now();
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
