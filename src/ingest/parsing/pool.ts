/** Worker threads with a limit of memory and of time. A thread that exceeds either is ended; the process goes on. */
import path from "node:path";
import { Worker } from "node:worker_threads";
import { SystoleError } from "../../errors.ts";
import { StoppedError } from "../stopped.ts";
import { type ParsingAnswer, type ParsingTask, receivedError } from "./messages.ts";
import { watchTime } from "./watch-time.ts";

/** The task killed its worker. */
export class ParserDiedError extends Error {
  readonly reason: "memory" | "time" | "crash";

  constructor(reason: "memory" | "time" | "crash", options?: ErrorOptions) {
    super("The parser died", options);
    this.name = "ParserDiedError";
    this.reason = reason;
  }
}

export interface PoolLimits {
  readonly workers: number;
  readonly memoryMb: number;
  /** The thread's own time of the processor: a busy machine must not cost a person a valid body. */
  readonly timeMs: number;
}

const usual: PoolLimits = { workers: 2, memoryMb: 512, timeMs: 20_000 };

/** The worker's file: JavaScript in a published build, TypeScript in a checkout, as this file is. */
const workerFile = new URL(`./worker${path.extname(import.meta.filename)}`, import.meta.url);

export class ParserPool {
  readonly #limits: PoolLimits;
  readonly #idle: Worker[] = [];
  readonly #waiting: (() => void)[] = [];
  /** Aborted when the pool is closed. */
  readonly #closing = new AbortController();
  #busy = 0;

  constructor(limits: Partial<PoolLimits> = {}) {
    this.#limits = { ...usual, ...limits };
  }

  /**
   * Runs a task.
   * @throws ParserDiedError; StoppedError; the task's ProviderError; SystoleError INTERNAL for any other
   * error of the task
   */
  async run(task: ParsingTask): Promise<unknown> {
    await this.#turn();
    try {
      if (this.#closing.signal.aborted) throw new StoppedError();
      const answer = await this.#ask(this.#idle.pop() ?? this.#start(), task);
      if (answer.ok) return answer.value;
      if (answer.error !== null) throw receivedError(answer.error);
      throw new SystoleError("INTERNAL", { reason: answer.reason });
    } finally {
      this.#busy--;
      this.#waiting.shift()?.();
    }
  }

  /** Ends the running and the waiting tasks. */
  async close(): Promise<void> {
    this.#closing.abort();
    for (const waiting of this.#waiting.splice(0)) waiting();
    await Promise.all(this.#idle.splice(0).map((worker) => worker.terminate()));
  }

  async #turn(): Promise<void> {
    while (this.#busy >= this.#limits.workers) {
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
      if (this.#closing.signal.aborted) throw new StoppedError();
    }
    this.#busy++;
  }

  #start(): Worker {
    const worker = new Worker(workerFile, {
      resourceLimits: { maxOldGenerationSizeMb: this.#limits.memoryMb, maxYoungGenerationSizeMb: 64 },
    });
    // An idle worker must neither keep the process alive nor, by an error without a listener, end it.
    worker.unref();
    worker.on("error", () => {});
    worker.on("exit", () => {
      const at = this.#idle.indexOf(worker);
      if (at >= 0) this.#idle.splice(at, 1);
    });
    return worker;
  }

  /**
   * Sends a task to a worker. Each listener is removed by name: a worker whose listeners are all removed at
   * once never answers again.
   */
  #ask(worker: Worker, task: ParsingTask): Promise<ParsingAnswer> {
    const closing = this.#closing.signal;
    return new Promise((resolve, reject) => {
      const end = () => {
        stopWatching();
        closing.removeEventListener("abort", closed);
        worker.off("message", answered);
        worker.off("error", failed);
        worker.off("exit", exited);
      };
      const giveUp = (error: Error) => {
        end();
        void worker.terminate();
        reject(error);
      };
      const die = (reason: ParserDiedError["reason"], cause?: unknown) =>
        giveUp(new ParserDiedError(reason, { cause }));
      const answered = (answer: ParsingAnswer) => {
        end();
        this.#idle.push(worker);
        resolve(answer);
      };
      const failed = (error: NodeJS.ErrnoException) =>
        die(error.code === "ERR_WORKER_OUT_OF_MEMORY" ? "memory" : "crash", error);
      const exited = () => die("crash");
      const closed = () => giveUp(new StoppedError());
      const stopWatching = watchTime(worker, this.#limits.timeMs, () => die("time"));
      closing.addEventListener("abort", closed);
      worker.on("message", answered);
      worker.on("error", failed);
      worker.on("exit", exited);
      worker.postMessage(task);
    });
  }
}
