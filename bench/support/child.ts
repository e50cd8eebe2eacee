/** Runs servers in their own processes: the load generator must not share their event loop. */
import { fork } from "node:child_process";
import { once } from "node:events";
import path from "node:path";

export interface Child {
  readonly url: string;
  /** The environment variables that point Systole at it; none unless it plays providers. */
  readonly variables: Readonly<Record<string, string>>;
  /** Returns the answer of its `serve` call to this question. */
  ask(question: string): Promise<number>;
  memory(): Promise<Memory>;
  stop(): Promise<void>;
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
    env: { PATH: process.env.PATH ?? "", ...env },
    execArgv: [...process.execArgv, ...nodeOptions],
    // Logs are written as usual, and discarded.
    stdio: ["ignore", "ignore", "inherit", "ipc"],
  });
  const exited = once(child, "exit");
  const answer = async (): Promise<unknown> => {
    const [message] = await Promise.race([
      once(child, "message"),
      exited.then(([code]) => Promise.reject(new Error(`${name} ended early with ${code}`))),
    ]);
    return message;
  };
  const ask = (question: string): Promise<unknown> => {
    child.send(question);
    return answer();
  };
  const { url, variables } = (await answer()) as Pick<Child, "url" | "variables">;
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
