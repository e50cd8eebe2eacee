/** The time of the processor that a worker thread takes for one task. */
import type { Worker } from "node:worker_threads";

/** A thread that waits for something takes no time of the processor; after this many times as much it is ended as well. */
const longestWait = 15;

/**
 * Calls `exceeded` once when the thread has used up its time since now. Returns a function that ends the watching.
 * @param timeMs milliseconds of the processor
 */
export function watchTime(worker: Worker, timeMs: number, exceeded: () => void): () => void {
  const spentMs = async (): Promise<number> => {
    const { user, system } = await worker.cpuUsage();
    return (user + system) / 1_000;
  };
  // A thread that has just been started, or has ended, has no time yet.
  const before = spentMs().catch(() => 0);
  const look = async (): Promise<void> => {
    const [now, then] = await Promise.all([spentMs(), before]);
    if (now - then > timeMs) end(exceeded);
  };
  const looking = setInterval(() => void look().catch(() => {}), Math.min(1_000, Math.max(10, timeMs / 20)));
  const waiting = setTimeout(() => end(exceeded), longestWait * timeMs);
  let isOver = false;
  function end(then: () => void): void {
    if (isOver) return;
    isOver = true;
    clearInterval(looking);
    clearTimeout(waiting);
    then();
  }
  return () => end(() => {});
}
