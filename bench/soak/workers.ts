/** Systole's workers as processes that are killed without warning and started again. */
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import { allocator } from "../../scripts/memory.mjs";

const root = path.resolve(import.meta.dirname, "../..");

export interface WorkerEnvironment {
  readonly databaseUrl: string;
  readonly secretKey: Buffer;
  readonly dataDirectory: string;
}

/** How a process ended that worked and was not killed. */
export interface Ending {
  readonly code: number | null;
  /** The last of what it wrote. */
  readonly words: string;
}

const keptWords = 2_000;
/** In the first output of a start that succeeded: of a worker, or of a process with all roles. */
const started = /Systole (works|listens)/;

export class SoakWorker {
  readonly #env: WorkerEnvironment;
  readonly #isSteady: boolean;
  readonly #endings: Ending[] = [];
  #process: ChildProcess;
  #kills = 0;
  #wanted = true;

  /** One that is never killed has all roles, to show its size, and a wrong clock. */
  constructor(env: WorkerEnvironment, { isSteady = false } = {}) {
    this.#env = env;
    this.#isSteady = isSteady;
    this.#process = this.#spawn();
  }

  get kills(): number {
    return this.#kills;
  }

  get endings(): readonly Ending[] {
    return this.#endings;
  }

  kill(): void {
    this.#kills++;
    this.#process.kill("SIGKILL");
  }

  async stop(): Promise<void> {
    this.#wanted = false;
    if (this.#process.exitCode !== null || this.#process.signalCode !== null) return;
    const exited = once(this.#process, "exit");
    this.#process.kill("SIGTERM");
    await exited;
  }

  /** Null while there is no process to measure. */
  residentBytes(): number | null {
    const { stdout } = spawnSync("ps", ["-o", "rss=", "-p", String(this.#process.pid)], { encoding: "utf8" });
    const kib = Number(stdout.trim());
    return kib > 0 ? kib * 1_024 : null;
  }

  /** Starts a process, which is restarted when it ends, as by a supervisor. */
  #spawn(): ChildProcess {
    const clock = this.#isSteady ? ["--import", path.join(import.meta.dirname, "wrong-clock.ts")] : [];
    const child = spawn(
      process.execPath,
      [...process.execArgv, ...clock, path.join(root, "src/main.ts"), "start"],
      {
        env: {
          PATH: process.env.PATH ?? "",
          ...allocator,
          ...(this.#isSteady ? { SYSTOLE_PORT: "0" } : { SYSTOLE_ROLES: "worker" }),
          SYSTOLE_LOG_LEVEL: "error",
          SYSTOLE_ALLOW_PRIVATE_DESTINATIONS: "true",
          SYSTOLE_DATA_DIR: this.#env.dataDirectory,
          SYSTOLE_SECRET_KEY: this.#env.secretKey.toString("base64"),
          DATABASE_URL: this.#env.databaseUrl,
        },
        stdio: ["ignore", "pipe", "pipe"],
      },
    );
    let words = "";
    let working = false;
    const note = (chunk: Buffer): void => {
      words = `${words}${chunk}`.slice(-keptWords);
      working ||= started.test(words);
    };
    child.stdout.on("data", note);
    child.stderr.on("data", note);
    child.once("exit", (code, signal) => {
      if (!this.#wanted) return;
      // A process started while the database is unavailable reports it and exits: its supervisor tries again.
      if (signal !== "SIGKILL" && working) this.#endings.push({ code, words });
      setTimeout(() => {
        if (this.#wanted) this.#process = this.#spawn();
      }, 200);
    });
    return child;
  }
}
