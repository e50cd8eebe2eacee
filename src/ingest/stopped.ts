import { ConnectionGone } from "../sync/run.ts";

/** This process is told to stop: what was begun is left as it was, and done from the beginning by whoever comes next. */
export class StoppedError extends Error {
  constructor() {
    super("The process stops");
    this.name = "StoppedError";
  }
}

/** A run that is not to go on: it ended with no trouble of what it was doing just then. */
export const isInterrupted = (error: unknown): boolean =>
  error instanceof StoppedError || error instanceof ConnectionGone;
