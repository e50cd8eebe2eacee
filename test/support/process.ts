/** Systole as a process of its own, which can be killed. */
import { type ChildProcess, spawn } from "node:child_process";
import path from "node:path";
import { waitFor } from "./wait.ts";

const main = path.resolve(import.meta.dirname, "../../src/main.ts");

export interface SystoleProcess {
  readonly output: () => string;
  /** No warning, no goodbye. */
  kill(): Promise<void>;
  /** As Ctrl-C does; answers the exit code. */
  stop(): Promise<number | null>;
}

/** Resolves when it listens. */
export async function startSystoleProcess(env: Record<string, string>): Promise<SystoleProcess> {
  let output = "";
  const child = spawn(process.execPath, [main, "start"], {
    env: { PATH: process.env.PATH ?? "", ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (chunk) => {
      output += chunk;
    });
  }
  const ended = exit(child);
  await waitFor(
    "Systole to listen",
    () => {
      if (child.exitCode !== null) throw new Error(`Systole ended early: ${output}`);
      return output.includes("Systole listens");
    },
    60_000,
  );
  const end = (signal: NodeJS.Signals) => async (): Promise<number | null> => {
    child.kill(signal);
    return ended;
  };
  const kill = end("SIGKILL");
  return { output: () => output, kill: async () => void (await kill()), stop: end("SIGTERM") };
}

const exit = (child: ChildProcess): Promise<number | null> =>
  new Promise((resolve) => child.once("exit", (code) => resolve(code)));
