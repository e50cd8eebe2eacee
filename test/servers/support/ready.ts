/** Waits until a server that was just started answers. */
import { readFileSync } from "node:fs";
import { connect } from "node:net";
import { setTimeout as pause } from "node:timers/promises";
import { identityOf, type Spawned } from "./processes.ts";

const stepMs = 50;
const limitMs = 120_000;
const tryMs = 5_000;

/** Asks until the answer is true; an error counts as false. @throws with the log's end when the process dies */
export async function untilReady(
  { pid, logFile }: Spawned,
  isReady: () => Promise<boolean>,
  withinMs: number = limitMs,
): Promise<void> {
  const deadline = Date.now() + withinMs;
  let last: unknown;
  for (;;) {
    const ready = await isReady().catch((error: unknown) => {
      last = error;
      return false;
    });
    if (ready) return;
    if (identityOf(pid) === null) throw new Error(`it ended while starting: ${lastWords(logFile)}`);
    if (Date.now() > deadline)
      throw new Error(`it was not ready in ${withinMs / 1_000} s: ${lastWords(logFile)}`, { cause: last });
    await pause(stepMs);
  }
}

/** Whether something accepts connections there. */
export function accepts(port: number, host = "127.0.0.1"): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host, timeout: tryMs });
    const answer = (ready: boolean) => () => {
      socket.destroy();
      resolve(ready);
    };
    socket.once("connect", answer(true)).once("error", answer(false)).once("timeout", answer(false));
  });
}

/** Whether it answers over HTTP with anything but a server error. */
export async function answersHttp(url: string): Promise<boolean> {
  const response = await fetch(url, { signal: AbortSignal.timeout(tryMs) });
  await response.body?.cancel();
  return response.status < 500;
}

export function lastWords(logFile: string): string {
  try {
    return readFileSync(logFile, "utf8").slice(-2_000).trim();
  } catch {
    return "it said nothing";
  }
}
