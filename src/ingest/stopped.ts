import { ConnectionGone } from "../sync/run.ts";

/**
 * This process is told to stop: unfinished work is left as it is, and another process repeats it from the
 * beginning.
 */
export class StoppedError extends Error {
  constructor() {
    super("The process stops");
    this.name = "StoppedError";
  }
}

/** Whether a run was interrupted: it ended without a failure of its own. */
export const isInterrupted = (error: unknown): boolean =>
  error instanceof StoppedError || error instanceof ConnectionGone;
