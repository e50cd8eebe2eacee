/** Worker threads that read bodies. */
import path from "node:path";
import { SystoleError } from "../../errors.ts";
import { type PoolLimits, WorkerDiedError, WorkerPool } from "../../threads/worker-pool.ts";
import { StoppedError } from "../stopped.ts";
import { type ParsingAnswer, type ParsingTask, receivedError } from "./messages.ts";

export { WorkerDiedError as ParserDiedError };

const usual: PoolLimits = { workers: 2, memoryMb: 512, timeMs: 20_000, restMs: 30_000 };

/** The worker's file: JavaScript in a published build, TypeScript in a checkout, as this file is. */
const file = new URL(`./worker${path.extname(import.meta.filename)}`, import.meta.url);

export class ParserPool {
  readonly #pool: WorkerPool<ParsingTask, ParsingAnswer>;

  constructor(limits: Partial<PoolLimits> = {}) {
    this.#pool = new WorkerPool({ ...usual, ...limits, file, closed: () => new StoppedError() });
  }

  /**
   * Runs a task.
   * @throws ParserDiedError; StoppedError; the task's ProviderError; SystoleError INTERNAL for any other
   * error of the task
   */
  async run(task: ParsingTask): Promise<unknown> {
    const answer = await this.#pool.ask(task);
    if (answer.ok) return answer.value;
    if (answer.error !== null) throw receivedError(answer.error);
    throw new SystoleError("INTERNAL", { reason: answer.reason });
  }

  /** Ends the running and the waiting tasks. */
  close(): Promise<void> {
    return this.#pool.close();
  }
}
