/** This process is told to stop: what was begun is left as it was, and done from the beginning by whoever comes next. */
export class StoppedError extends Error {
  constructor() {
    super("The process stops");
    this.name = "StoppedError";
  }
}
