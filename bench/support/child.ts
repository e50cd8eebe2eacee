/** Runs servers in their own processes: the load generator must not share their event loop. */
import { fork } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import { allocator } from "../../scripts/memory.mjs";

export interface Child {
  readonly url: string;
  /** The environment variables that point Systole at it; none unless it plays providers. */
  readonly variables: Readonly<Record<string, string>>;
  /** Returns the answer of its `serve` call to this question. */
  ask(question: string): Promise<number>;
  memory(): Promise<Memory>;
  stop(): Promise<void>;
}

/** Questions may be asked side by side: the number says which one is answered. */
export interface Question {
  readonly number: number;
  readonly question: string;
}

export interface Answer {
  readonly number: number;
  readonly answer: unknown;
}

export interface Memory {
  readonly residentBytes: number;
  readonly peakBytes: number;
}

const directory = path.resolve(import.meta.dirname, "../servers");

/** Resolves when it listens. It ends with this process in any case, because its channel closes then. */
export async function startChild(
  name: string,
  env: Record<string, string> = {},
  nodeOptions: readonly string[] = [],
): Promise<Child> {
  const child = fork(path.join(directory, `${name}.ts`), [], {
    env: { PATH: process.env.PATH ?? "", ...allocator, ...env },
    execArgv: [...process.execArgv, ...nodeOptions],
    // Logs are written as usual, and discarded.
    stdio: ["ignore", "ignore", "inherit", "ipc"],
  });
  const exited = once(child, "exit");
  const orEarlyEnd = <Value>(wanted: Promise<Value>): Promise<Value> =>
    Promise.race([
      wanted,
      exited.then(([code]) => Promise.reject(new Error(`${name} ended early with ${code}`))),
    ]);
  const [{ url, variables }] = (await orEarlyEnd(once(child, "message"))) as [
    Pick<Child, "url" | "variables">,
  ];
  const asked = new Map<number, (answer: unknown) => void>();
  child.on("message", ({ number, answer }: Answer) => {
    asked.get(number)?.(answer);
    asked.delete(number);
  });
  let questions = 0;
  const ask = (question: string): Promise<unknown> => {
    const number = questions++;
    const answered = new Promise((resolve) => asked.set(number, resolve));
    child.send({ number, question } satisfies Question);
    return orEarlyEnd(answered);
  };
  return {
    url,
    variables,
    ask: (question) => ask(question) as Promise<number>,
    memory: () => ask("memory") as Promise<Memory>,
    async stop() {
      if (child.connected) child.disconnect();
      await exited;
    },
  };
}
