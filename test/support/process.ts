/** Systole as its own process, which can be killed. */
import { type ChildProcess, spawn } from "node:child_process";
import path from "node:path";
import { waitFor } from "./wait.ts";

const main = path.resolve(import.meta.dirname, "../../src/main.ts");

export interface SystoleProcess {
  readonly output: () => string;
  /** Kills it without warning. */
  kill(): Promise<void>;
  /** Stops it like Ctrl-C; returns the exit code. */
  stop(): Promise<number | null>;
}

interface Spawned {
  readonly child: ChildProcess;
  readonly output: () => string;
  /** The exit code; null when a signal ended it. */
  readonly ended: Promise<number | null>;
}

/** The variables of the test's own environment that a process gets. */
const inherited = Object.fromEntries(
  ["PATH", "NODE_COMPILE_CACHE"].flatMap((name) => {
    const value = process.env[name];
    return value === undefined ? [] : [[name, value]];
  }),
);

function spawnCommand(args: readonly string[], env: Record<string, string>, program = main): Spawned {
  let output = "";
  const child = spawn(process.execPath, [program, ...args], {
    env: { ...inherited, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (chunk) => {
      output += chunk;
    });
  }
  const ended = new Promise<number | null>((resolve) => child.once("close", resolve));
  return { child, output: () => output, ended };
}

/**
 * Resolves when it listens.
 * @param program the main file of another version
 */
export const startSystoleProcess = (env: Record<string, string>, program?: string): Promise<SystoleProcess> =>
  startCommand(["start"], env, /Systole (listens|works)/, program);

/** Starts a sandbox of Polar as its own process, so that its work takes none of the test's time. */
export const startSandboxProcess = (env: Record<string, string>): Promise<SystoleProcess> =>
  startCommand(["sandbox"], env, /POLAR_API_URL/);

/** Starts a command; resolves when it reports that it is ready. */
export async function startCommand(
  args: readonly string[],
  env: Record<string, string>,
  said: RegExp,
  program?: string,
): Promise<SystoleProcess> {
  const { child, output, ended } = spawnCommand(args, env, program);
  await waitFor(`${args[0]} to say ${said}`, () => {
    if (child.exitCode !== null) throw new Error(`${args[0]} ended early: ${output()}`);
    return said.test(output());
  });
  const end = async (signal: NodeJS.Signals): Promise<number | null> => {
    child.kill(signal);
    return ended;
  };
  return { output, kill: async () => void (await end("SIGKILL")), stop: () => end("SIGTERM") };
}

/** Runs a command to its end. */
export async function runSystole(
  args: readonly string[],
  env: Record<string, string>,
): Promise<{ exitCode: number | null; output: string }> {
  const { output, ended } = spawnCommand(args, env);
  return { exitCode: await ended, output: output() };
}
