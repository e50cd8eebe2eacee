/** Work that is done again and again for as long as the process works, never twice at the same time. */

export interface Repeating {
  /** Does the work now, unless it is under way. */
  now(): void;
  /** Ends it, after the work under way. */
  stop(): Promise<void>;
}

/** @param failed called with what the work throws; it is done again all the same */
export function repeat(
  work: () => Promise<unknown>,
  everyMs: number,
  failed: (error: unknown) => void,
): Repeating {
  let running: Promise<unknown> | null = null;
  const now = (): void => {
    running ??= work()
      .catch(failed)
      .finally(() => {
        running = null;
      });
  };
  const timer = setInterval(now, everyMs);
  return {
    now,
    async stop() {
      clearInterval(timer);
      await running;
    },
  };
}
