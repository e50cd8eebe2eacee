/** Worker threads with a limit of memory and of time. A thread that exceeds either is ended; the process goes on. */
import { Worker } from "node:worker_threads";
import { watchTime } from "./watch-time.ts";

/** The task killed its worker. */
export class WorkerDiedError extends Error {
  readonly reason: "memory" | "time" | "crash";

  constructor(reason: "memory" | "time" | "crash", options?: ErrorOptions) {
    super("The worker thread died", options);
    this.name = "WorkerDiedError";
    this.reason = reason;
  }
}

export interface PoolLimits {
  readonly workers: number;
  readonly memoryMb: number;
  /** The thread's own time of the processor: a busy machine must not cost a person a valid body. */
  readonly timeMs: number;
  /** A thread without a task for so long is ended, and with it all memory that it took. Absent: threads stay. */
  readonly restMs?: number;
}

export interface PoolOptions extends PoolLimits {
  /** The file of the worker, which answers each message with one. */
  readonly file: URL;
  /** Makes the error of tasks that the closing of the pool ends. */
  closed(): Error;
}

export class WorkerPool<Task, Answer> {
  readonly #options: PoolOptions;
  readonly #idle: Worker[] = [];
  readonly #rests = new Map<Worker, NodeJS.Timeout>();
  readonly #waiting: (() => void)[] = [];
  /** Aborted when the pool is closed. */
  readonly #closing = new AbortController();
  #busy = 0;

  constructor(options: PoolOptions) {
    this.#options = options;
  }

  /** Runs a task; `signal` ends it, whether it waits or runs. @throws WorkerDiedError; the error of closing; the signal's reason */
  async ask(task: Task, signal?: AbortSignal): Promise<Answer> {
    await this.#turn(signal);
    try {
      signal?.throwIfAborted();
      if (this.#closing.signal.aborted) throw this.#options.closed();
      return await this.#askOne(this.#wake() ?? this.#start(), task, signal);
    } finally {
      this.#busy--;
      this.#waiting.shift()?.();
    }
  }

  /** Ends the running and the waiting tasks. */
  async close(): Promise<void> {
    this.#closing.abort();
    for (const waiting of this.#waiting.splice(0)) waiting();
    for (const rest of this.#rests.values()) clearTimeout(rest);
    await Promise.all(this.#idle.splice(0).map((worker) => worker.terminate()));
  }

  #wake(): Worker | undefined {
    const worker = this.#idle.pop();
    if (worker !== undefined) clearTimeout(this.#rests.get(worker));
    return worker;
  }

  #rest(worker: Worker): void {
    this.#idle.push(worker);
    const { restMs } = this.#options;
    if (restMs !== undefined) this.#rests.set(worker, setTimeout(() => this.#end(worker), restMs).unref());
  }

  /** Ends a thread without a task; it gets none from now on. */
  #end(worker: Worker): void {
    this.#forget(worker);
    void worker.terminate();
  }

  #forget(worker: Worker): void {
    clearTimeout(this.#rests.get(worker));
    this.#rests.delete(worker);
    const at = this.#idle.indexOf(worker);
    if (at >= 0) this.#idle.splice(at, 1);
  }

  async #turn(signal?: AbortSignal): Promise<void> {
    while (this.#busy >= this.#options.workers) {
      await this.#released(signal);
      if (this.#closing.signal.aborted) throw this.#options.closed();
    }
    this.#busy++;
  }

  /** Resolves when a worker is free. @throws the signal's reason; the task then waits no longer */
  #released(signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted();
    return new Promise((resolve, reject) => {
      const go = () => {
        signal?.removeEventListener("abort", leave);
        resolve();
      };
      const leave = () => {
        this.#waiting.splice(this.#waiting.indexOf(go), 1);
        reject(signal?.reason);
      };
      this.#waiting.push(go);
      signal?.addEventListener("abort", leave, { once: true });
    });
  }

  #start(): Worker {
    const { file, memoryMb } = this.#options;
    const worker = new Worker(file, {
      resourceLimits: { maxOldGenerationSizeMb: memoryMb, maxYoungGenerationSizeMb: 24 },
    });
    // An idle worker must neither keep the process alive nor, by an error without a listener, end it.
    worker.unref();
    worker.on("error", () => {});
    worker.on("exit", () => this.#forget(worker));
    return worker;
  }

  /**
   * Sends a task to a worker. Each listener is removed by name: a worker whose listeners are all removed at
   * once never answers again.
   */
  #askOne(worker: Worker, task: Task, signal?: AbortSignal): Promise<Answer> {
    const closing = this.#closing.signal;
    return new Promise((resolve, reject) => {
      const end = () => {
        stopWatching();
        closing.removeEventListener("abort", closed);
        signal?.removeEventListener("abort", aborted);
        worker.off("message", answered);
        worker.off("error", failed);
        worker.off("exit", exited);
      };
      const giveUp = (error: Error) => {
        end();
        void worker.terminate();
        reject(error);
      };
      const die = (reason: WorkerDiedError["reason"], cause?: unknown) =>
        giveUp(new WorkerDiedError(reason, { cause }));
      const answered = (answer: Answer) => {
        end();
        this.#rest(worker);
        resolve(answer);
      };
      const failed = (error: NodeJS.ErrnoException) =>
        die(error.code === "ERR_WORKER_OUT_OF_MEMORY" ? "memory" : "crash", error);
      const exited = () => die("crash");
      const closed = () => giveUp(this.#options.closed());
      const aborted = () => giveUp(signal?.reason);
      const stopWatching = watchTime(worker, this.#options.timeMs, () => die("time"));
      closing.addEventListener("abort", closed);
      signal?.addEventListener("abort", aborted);
      worker.on("message", answered);
      worker.on("error", failed);
      worker.on("exit", exited);
      worker.postMessage(task);
    });
  }
}
